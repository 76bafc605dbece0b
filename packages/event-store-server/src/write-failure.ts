/** What a write answers; both are absent when there was nothing to write. */
export type Written = Readonly<{
  revision: number | undefined;
  position: number | undefined;
}>;

/** Why a write did not happen. `message` is fit for a client and for a log line: it holds no event data. */
export type WriteFailure = Readonly<{ message: string }> &
  (
    | Readonly<{ _tag: 'WrongExpectedRevision'; stream: string; actual: number | undefined }>
    | Readonly<{ _tag: 'StreamIsDeleted'; stream: string }>
    /** Who calls may read, and not write there. */
    | Readonly<{ _tag: 'AccessDenied'; stream: string }>
    | Readonly<{ _tag: 'AppendTooLarge'; bytesMax: number }>
    | Readonly<{ _tag: 'MalformedAppend' }>
    /** The client's deadline passed; whether it was written is unknown to it. */
    | Readonly<{ _tag: 'TimedOut' }>
    | Readonly<{ _tag: 'StoreFailed'; isBusy: boolean }>
  );

export const wrongRevision = (stream: string, actual: number | undefined): WriteFailure => ({
  _tag: 'WrongExpectedRevision',
  stream,
  actual,
  message: 'The stream is not at the expected revision.',
});

export const streamIsDeleted = (stream: string): WriteFailure => ({
  _tag: 'StreamIsDeleted',
  stream,
  message: 'The stream is deleted.',
});

export const accessDenied = (stream: string): WriteFailure => ({
  _tag: 'AccessDenied',
  stream,
  message: 'The stream may be read here, and not written.',
});

export const appendTooLarge = (bytesMax: number): WriteFailure => ({
  _tag: 'AppendTooLarge',
  bytesMax,
  message: `The append is larger than ${String(bytesMax)} bytes.`,
});

export const malformedAppend = (message: string): WriteFailure => ({
  _tag: 'MalformedAppend',
  message,
});

export const timedOut: WriteFailure = { _tag: 'TimedOut', message: 'The deadline has passed.' };

export const storeFailed = (message: string, isBusy: boolean): WriteFailure => ({
  _tag: 'StoreFailed',
  isBusy,
  message,
});
