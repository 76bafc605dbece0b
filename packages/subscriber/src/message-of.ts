/** First line of what a thrown thing says, also when it was made in another realm than this one. */
export const messageOf = (error: unknown): string => {
  const message: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : error;
  return String(message).split('\n')[0] ?? '';
};

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The server's own number of what went wrong; matched instead of words, which differ between versions. */
export const errorCode = (error: unknown): unknown => field(field(error, 'api_error'), 'err_code');

export const isNotFound = (error: unknown): boolean =>
  field(error, 'code') === '404' || field(field(error, 'api_error'), 'code') === 404;

const NAME_CHARACTERS = 80;

/** Kind of an error for a header or a log: never its message, which may quote what was handled. */
export const kindOf = (error: unknown): string => {
  const name = field(error, 'name');
  const word = typeof name === 'string' ? name.replace(/[^\w.-]/g, '') : '';
  return word === '' ? typeof error : word.slice(0, NAME_CHARACTERS);
};
