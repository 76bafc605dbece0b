import { SummaryBody } from '@daybook/domain/summaries';
import type { Call, Engine, SummaryEdit } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { asking } from '../data/ask.js';
import { idFrom, wholeNumberFrom } from '../data/at.js';
import { chooseCompany } from '../data/company.js';
import { asWriter } from '../data/open.js';
import { writtenAnswer } from '../data/written.js';
import { refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { findSummary } from './summary.js';

export type EditOptions = Readonly<{
  title?: string;
  problem?: string;
  step?: readonly string[];
  result?: string;
  followUp?: readonly string[];
  tag?: readonly string[];
  revision?: string;
  by: string;
  /** The user who edits, as `--by`; goes before it. */
  as?: string;
}>;

type Changes = SummaryEdit['changes'];

/** What the flags change; lists replace the whole list. */
export const changesFrom = (options: EditOptions): Changes => {
  const { title, problem, step, result, followUp, tag } = options;
  return {
    ...(title === undefined ? {} : { title }),
    ...(problem === undefined ? {} : { problem }),
    ...(step === undefined ? {} : { steps: [...step] }),
    ...(result === undefined ? {} : { result }),
    ...(followUp === undefined ? {} : { followUps: [...followUp] }),
    ...(tag === undefined ? {} : { tags: [...tag] }),
  };
};

const Edited = t.strict(SummaryBody.type.props);

/** The summary that was written in an editor; the message never repeats its text. */
export const decodeEdited = (text: string): E.Either<Failure, SummaryBody> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return E.left(usage('What you saved is not JSON. Nothing was changed.'));
  }
  const decoded = Edited.decode(value);
  if (E.isRight(decoded)) return decoded;
  const field = decoded.left[0]?.context.map(({ key }) => key).filter((key) => key !== '')[0];
  return E.left(
    usage(
      `${field ?? 'The summary'} is not as it should be: title, problem and result are texts; steps, followUps and tags are lists of texts. Nothing was changed.`,
    ),
  );
};

const inEditor = (editor: string, body: SummaryBody): E.Either<Failure, SummaryBody> => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-edit-'));
  const file = join(directory, 'summary.json');
  try {
    writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`, { mode: 0o600 });
    // Through the shell, because an editor is often a command with options.
    const ended = spawnSync(`${editor} "${file}"`, { stdio: 'inherit', shell: true });
    if (ended.status !== 0)
      return E.left(refusal('The editor ended with an error. Nothing was changed.'));
    return decodeEdited(readFileSync(file, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** What the flags or an editor change, and the revision that was read for it. */
const readEdit = async (
  context: Context,
  sessionId: string,
  options: EditOptions,
): Promise<E.Either<Failure, SummaryEdit>> => {
  const said = changesFrom(options);
  const { editor } = context.config;
  const revision =
    options.revision === undefined ? null : wholeNumberFrom('--revision', options.revision, 1);
  if (revision !== null && E.isLeft(revision)) return revision;
  if (Object.keys(said).length === 0 && editor === null)
    return E.left(
      usage('Say what to change (--title, --problem, --step, --result, …) or set EDITOR.'),
    );
  return asking(context, async (asked) => {
    const found = await findSummary(asked, sessionId, options.as);
    if (E.isLeft(found)) return found;
    const { body, revision: latest } = found.right.summary;
    if (body === null) return E.left(refusal('The summary has been deleted; it cannot be edited.'));
    const changedRevision = revision === null ? latest : revision.right;
    if (Object.keys(said).length > 0) return E.right({ sessionId, changedRevision, changes: said });
    const edited = inEditor(editor ?? '', body);
    return E.isLeft(edited)
      ? edited
      : E.right({ sessionId, changedRevision, changes: edited.right });
  });
};

type Written = Readonly<{ by: string; sessionId: string }>;

/** Does something as a person, in one command with an id of its own. */
export const asPerson = (
  context: Context,
  written: Written,
  send: (engine: Engine, call: Call) => Promise<Outcome>,
): Promise<Outcome> =>
  asWriter(context, async (engine) => {
    const company = await chooseCompany(engine.store, context.company);
    if (E.isLeft(company)) return company;
    return send(engine, {
      company: company.right.id,
      actor: { kind: 'administrator', id: written.by },
      commandId: `cli/${randomUUID()}`,
      correlationId: written.sessionId,
      at: context.clock(),
    });
  });

/** A user of the company is held to the role that the log knows them by; another word is the operator’s. */
export const authorOf = ({
  as,
  by,
}: Readonly<{ as?: string; by: string }>): E.Either<Failure, string> =>
  as === undefined ? idFrom('--by', by) : idFrom('--as', as);

/** `daybook summary edit SESSION` */
export const summaryEditCommand = async (
  context: Context,
  word: string,
  options: EditOptions,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  const by = authorOf(options);
  if (E.isLeft(by)) return by;
  const edit = await readEdit(context, id.right, options);
  if (E.isLeft(edit)) return edit;
  return asPerson(context, { by: by.right, sessionId: id.right }, async (engine, call) =>
    writtenAnswer(context, await engine.editSummary(call, edit.right), {
      done: `The summary of ${id.right} has a new revision; see daybook summary show ${id.right} --revisions`,
      already: 'This edit was made before; nothing was changed.',
    }),
  );
};

const confirmed = async (context: Context, sessionId: string): Promise<E.Either<Failure, void>> => {
  if (context.ask === null)
    return E.left(
      usage('Nobody is there to ask; add --yes to delete the summary. Nothing was changed.'),
    );
  const answer = await context.ask(
    `Delete the summary of session ${sessionId}? Its text cannot be brought back. [y/N] `,
  );
  return /^y(es)?$/i.test(answer.trim())
    ? E.right(undefined)
    : E.left(refusal('Nothing was changed.'));
};

/** `daybook summary delete SESSION [--yes]` */
export const summaryDeleteCommand = async (
  context: Context,
  word: string,
  options: Readonly<{ yes?: boolean; by: string; as?: string }>,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  const by = authorOf(options);
  if (E.isLeft(by)) return by;
  if (options.yes !== true) {
    const answer = await confirmed(context, id.right);
    if (E.isLeft(answer)) return answer;
  }
  return asPerson(context, { by: by.right, sessionId: id.right }, async (engine, call) =>
    writtenAnswer(context, await engine.deleteSummary(call, id.right), {
      done: `The summary of ${id.right} is deleted. That it was made, what it cost and who deleted it stay.`,
      already: 'The summary was deleted before; nothing was changed.',
    }),
  );
};
