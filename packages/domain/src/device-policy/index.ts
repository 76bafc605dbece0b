/**
 * Policies, groups and devices: which policy is in effect where, what the local user may still change,
 * and access control (rulebook §2.4–2.5). Pure deciders; the laws are proved in `test/device-policy`.
 */
export * from './access-control.js';
export * from './device.js';
export * from './device-commands.js';
export * from './device-state.js';
export * from './effective-setting.js';
export * from './events.js';
export * from './group.js';
export * from './insights-setting.js';
export * from './policy.js';
