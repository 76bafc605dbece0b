import { assertNever } from '@daybook/domain/kernel';
import type { Fold } from '@daybook/projection';
import type { Database } from 'better-sqlite3';
import { deviceChange, deviceChangeInWords } from './device-changes.js';
import {
  isDeviceEvent,
  isPolicyEvent,
  type DeviceEvent,
  type GroupEvent,
  type PolicyEvent,
  type PolicyModelEvent,
  type PolicyModelEventType,
} from './events.js';
import { bit, deviceRows, groupRows, newDevice } from './rows.js';

const policyAfter = (event: GroupEvent, before: string | null): string | null => {
  switch (event.type) {
    case 'DeviceGroupCreated':
      return before;
    case 'GroupPolicyAssigned':
      return event.data.policyId;
    case 'GroupPolicyRemoved':
      return null;
    default:
      return assertNever(event);
  }
};

type Handler<Event> = Readonly<{ handle: (event: Event) => void; flush: () => void }>;

const deviceHandler = (db: Database): Handler<DeviceEvent> => {
  const devices = deviceRows(db);
  const addHistory = db.prepare(
    'INSERT INTO device_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const handle = (event: DeviceEvent): void => {
    const { company, subject: id, position, revision, metadata } = event;
    const device = devices.touch([company, id], () => newDevice(company, id));
    Object.assign(device, deviceChange(event), { position, revision });
    addHistory.run(
      company,
      id,
      position,
      revision,
      event.id,
      event.type,
      deviceChangeInWords(event),
      metadata.occurredAt,
      event.recordedAt,
      metadata.actor.kind,
      metadata.actor.id,
    );
  };
  return { handle, flush: devices.flush };
};

const policyHandler = (db: Database): ((event: PolicyEvent) => void) => {
  const addVersion = db.prepare(
    'INSERT OR REPLACE INTO policy_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return (event) => {
    const { version, setting } = event.data;
    addVersion.run(
      event.company,
      event.subject,
      version,
      setting.state,
      bit(setting.reporting),
      bit(setting.insights),
      event.metadata.occurredAt,
      event.position,
    );
  };
};

const groupHandler = (db: Database): Handler<GroupEvent> => {
  const groups = groupRows(db);
  const handle = (event: GroupEvent): void => {
    const { company, subject: id, position, revision } = event;
    const group = groups.touch([company, id], () => ({
      company,
      group_id: id,
      policy_id: null,
      revision,
      position,
    }));
    group.policy_id = policyAfter(event, group.policy_id);
    group.revision = revision;
    group.position = position;
  };
  return { handle, flush: groups.flush };
};

export const openDevicePolicy = (db: Database): Fold<PolicyModelEventType> => {
  const devices = deviceHandler(db);
  const handlePolicy = policyHandler(db);
  const groups = groupHandler(db);
  const handle = (event: PolicyModelEvent): void => {
    if (isDeviceEvent(event)) devices.handle(event);
    else if (isPolicyEvent(event)) handlePolicy(event);
    else groups.handle(event);
  };
  return {
    apply: (events) => {
      for (const event of events) handle(event);
      devices.flush();
      groups.flush();
      return 'applied';
    },
  };
};
