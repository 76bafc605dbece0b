import { deviceEvents, groupEvents, policyEvents } from '@daybook/domain/device-policy';
import type { ProjectedEvent } from '@daybook/projection';

export type DeviceEventType = keyof typeof deviceEvents;
export type PolicyEventType = keyof typeof policyEvents;
export type GroupEventType = keyof typeof groupEvents;
export type PolicyModelEventType = DeviceEventType | PolicyEventType | GroupEventType;

export type DeviceEvent = ProjectedEvent<DeviceEventType>;
export type PolicyEvent = ProjectedEvent<PolicyEventType>;
export type GroupEvent = ProjectedEvent<GroupEventType>;
export type PolicyModelEvent = ProjectedEvent<PolicyModelEventType>;

export const isDeviceEvent = (event: PolicyModelEvent): event is DeviceEvent =>
  Object.hasOwn(deviceEvents, event.type);
export const isPolicyEvent = (event: PolicyModelEvent): event is PolicyEvent =>
  Object.hasOwn(policyEvents, event.type);

export const handledTypes = [
  ...Object.keys(deviceEvents),
  ...Object.keys(policyEvents),
  ...Object.keys(groupEvents),
] as readonly PolicyModelEventType[];
