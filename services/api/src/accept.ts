/** Quality that an `Accept` header gives a media type, 0 to 1; the most exact range counts. */
const qualityOf = (accept: string, type: string): number => {
  const [main = ''] = type.split('/');
  let best = { exactness: -1, quality: 0 };
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const exactness = ['*/*', `${main}/*`, type].indexOf(name);
    if (exactness <= best.exactness) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    best = { exactness, quality: q === undefined ? 1 : Number(q.slice(2)) };
  }
  return best.quality;
};

/** Does the caller want text rather than JSON? JSON when both are as welcome. */
export const prefersText = (accept: string | undefined): boolean =>
  accept !== undefined && qualityOf(accept, 'text/plain') > qualityOf(accept, 'application/json');
