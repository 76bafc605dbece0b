/** Company that a stream's name says, without trust in the rest of it; undefined when it says none. */
export const companyOfStream = (stream: string): string | undefined =>
  /^[a-z]+-([^_]+)/.exec(stream)?.[1];
