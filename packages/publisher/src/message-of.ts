/** First line of what a thrown thing says, also when it was made in another realm than this one. */
export const messageOf = (error: unknown): string => {
  const message: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : error;
  return String(message).split('\n')[0] ?? '';
};
