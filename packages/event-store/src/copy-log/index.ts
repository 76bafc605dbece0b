export {
  copyLog,
  type CopyFailure,
  type CopyLogOptions,
  type CopyProgress,
  type CopyReport,
  type TargetDiffers,
} from './copy-log.js';
export { type DigestBuilder, type LogDigest, makeDigestBuilder } from './log-digest.js';
