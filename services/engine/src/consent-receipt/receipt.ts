import type { AccessControl } from '@daybook/domain/device-policy';
import type { Basis, FailingReason } from '@daybook/domain/session-insights';
import type {
  handling,
  LawfulBasis,
  operations,
  personalData,
  purpose,
  rights,
} from './vocabulary.js';

/** Where in the log something is said. */
export type Provenance = Readonly<{
  event_id: string;
  stream: string;
  revision: number;
  position: number;
  recorded_at: string;
  actor: string;
}>;

export type ReceiptEvent = Readonly<{
  event_type: string;
  /** Term of the Data Privacy Vocabulary, null for what is no status of a consent. */
  event_state: string | null;
  event_time: string;
  /** Who indicated it, and by which means; null for what nobody indicated. */
  indicated_by: string | null;
  method: string | null;
  /** The notice as it was asked with, or as it was in fact shown with the answer. */
  notice: Readonly<{ version: string; language: string }> | null;
  valid_until: string | null;
  provenance: Provenance;
}>;

export type ReceiptDecision = Readonly<{
  outcome: 'eligible' | 'awaiting-consent' | 'not-eligible';
  basis: Basis | null;
  bases: readonly Basis[];
  reason: FailingReason | null;
  rule: 'rulebook §3';
  rule_version: string;
  decided_at: string;
  inputs: readonly Readonly<{ stream: string; revision: number }>[];
  provenance: Provenance;
}>;

/** The policy that a session rests on, as it was on the device at the revision of the decision. */
export type PolicyBasis = Readonly<{
  policy_id: string;
  version: number;
  group_id: string | null;
  device_id: string | null;
  enforced: boolean;
}>;

/**
 * A consent record in the structure of ISO/IEC TS 27560:2023, as JSON with the field names of that
 * document; `provenance`, `decisions` and `consent` say what an event log can prove beside it. Instants
 * are ISO-8601 in UTC. The schema is docs/schemas/consent-receipt.schema.json.
 */
export type ConsentReceipt = Readonly<{
  record_header: Readonly<{
    schema_version: string;
    structure: 'ISO/IEC TS 27560:2023';
    vocabulary: 'https://w3id.org/dpv';
    record_id: string;
    /** Opaque: a session and an end of it, never a name. */
    pii_principal_id: string;
  }>;
  consent: Readonly<{
    exists: boolean;
    state: string;
    status: string | null;
    /** Does capture rest on a basis now? */
    in_force: boolean;
    statement: string;
    lawful_bases: readonly LawfulBasis[];
    policy: PolicyBasis | null;
    access_control: Readonly<{
      supporter_end: AccessControl;
      remote_end: AccessControl;
      device: AccessControl | null;
      holds: AccessControl;
      rule: 'rulebook §2.5: the more restrictive end wins';
    }>;
  }>;
  pii_processing: Readonly<{
    privacy_notice: Readonly<{
      version: string;
      language: string;
      shown: 'asked' | 'answered';
    }> | null;
    purposes: readonly (typeof purpose &
      Readonly<{
        pii_information: typeof personalData;
        processing_operations: typeof operations;
        pii_controllers: readonly string[];
      }>)[];
    privacy_rights: typeof rights;
  }> &
    typeof handling;
  party_identification: readonly Readonly<{
    party_id: string;
    party_role: 'controller' | 'processor' | 'pii principal';
    note: string;
  }>[];
  event: readonly ReceiptEvent[];
  destroyed: readonly Readonly<{ items: number; at: string; provenance: Provenance }>[];
  decisions: readonly ReceiptDecision[];
  provenance: Readonly<{ stream: string; first_position: number; last_position: number }>;
}>;
