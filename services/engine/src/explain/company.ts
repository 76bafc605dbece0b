import type { HandlingFailure } from '@daybook/command-handling';
import { companyStream, type EventMetadata } from '@daybook/domain/kernel';
import {
  company as decider,
  type CompanyCommand,
  type CompanyEvent,
  type CompanyState,
} from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import { companies } from '../aggregates.js';
import type { StreamReader } from '../fold-stream.js';
import { historyOf, type Explained, type ExplainedChange } from './changes.js';
import type { Moment } from './moment.js';

export type CompanyExplanation = Readonly<{
  company: string;
  state: CompanyState;
  changes: readonly ExplainedChange<CompanyEvent>[];
  agrees: boolean;
}>;

/** Switching an option off may have been part of a deactivation: it is an option that was set either way. */
const commandOf = (event: CompanyEvent, { actor }: EventMetadata): CompanyCommand => {
  switch (event.type) {
    case 'CompanyRegistered':
      return { type: 'RegisterCompany', ...event.data, actor };
    case 'PlanChanged':
    case 'PlanChangedV2':
      return { type: 'ChangePlan', plan: event.data.to, actor };
    case 'AiActivated':
      return { type: 'ActivateAi', termsVersion: event.data.termsVersion, actor };
    case 'AiDeactivated':
      return { type: 'DeactivateAi', actor };
    case 'SummariesOptionSet':
      return { type: 'SetSummariesOption', ...event.data, actor };
  }
};

const sections: Readonly<Record<CompanyEvent['type'], string>> = {
  CompanyRegistered: '§2.1',
  PlanChanged: '§5',
  PlanChangedV2: '§5',
  AiActivated: '§2.1',
  AiDeactivated: '§2.1',
  SummariesOptionSet: '§2.2',
};

const explainedBy: Explained<CompanyState, CompanyEvent> = {
  aggregate: companies,
  sectionOf: (event) => sections[event.type],
  again: (state, event, metadata) => {
    const decided = decider.decide(commandOf(event, metadata), state);
    return E.isLeft(decided) ? null : decided.right;
  },
};

/** Plan, AI activation and the two options of a company (rulebook §2.1–2.2), as at the device and the user. */
export const explainCompany =
  (reader: StreamReader) =>
  async (
    company: string,
    moment: Moment | null = null,
  ): Promise<E.Either<HandlingFailure, CompanyExplanation | null>> => {
    const stream = companyStream(company);
    const history = await historyOf(reader, explainedBy, { stream, moment });
    if (E.isLeft(history)) return history;
    const { state, changes } = history.right;
    if (changes.length === 0) return E.right(null);
    return E.right({ company, state, changes, agrees: changes.every(({ agrees }) => agrees) });
  };
