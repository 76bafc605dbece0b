import type { FailingReason } from '@daybook/domain/session-insights';

/** Each reason of rulebook §3 in plain words: what was the case, and who can change it. */
export const reasonInWords: Readonly<Record<FailingReason, string>> = {
  'ai-not-activated':
    'AI has not been activated for the company; an administrator can activate it.',
  'plan-not-covered': 'The company’s plan does not include Session Insights.',
  'outgoing-off': 'Summaries for outgoing connections are switched off for the company.',
  'incoming-off': 'Summaries for incoming connections are switched off for the company.',
  'not-signed-in': 'The supporter was not signed in to an account of the company.',
  'session-logging-off': 'The supporter has “log sessions for connection reporting” switched off.',
  'quicksupport-not-covered': 'The remote side ran a QuickSupport module, which is not covered.',
  'denied-by-access-control': 'Access control of one end says Denied.',
  'consent-refused': 'The remote side was asked and refused.',
  'consent-timed-out': 'The remote side was asked and did not answer in time, which is a refusal.',
  'consent-withdrawn':
    'The permission was withdrawn during the session; what was captured is destroyed.',
  'nobody-to-ask': 'Confirmation was needed and nobody sat at the device.',
  'device-not-managed': 'The device does not belong to the company’s account.',
  'no-applied-policy': 'No policy with the setting has been applied on the device.',
  'reporting-off': 'The applied policy switches connection reporting off.',
  'insights-off': 'The applied policy switches Session Insights off.',
  'switched-off-locally': 'The local user switched it off, which the policy does not prevent.',
  'platform-not-supported': 'The platform of the remote side is not supported yet.',
  'insufficient-credits': 'The company had no AI credit left; more can be purchased.',
};

const refusals: Readonly<Record<string, string>> = {
  AdministratorRequired: 'Only an administrator of the company may do this.',
  UnknownTimeZone: 'The time zone is not known; use an IANA name such as Europe/Berlin.',
  CompanyAlreadyRegistered: 'The company is registered already, with another plan or time zone.',
  CompanyNotRegistered: 'The company is not registered; run init or RegisterCompany first.',
  AiNotActivated: 'AI has to be activated first: run ActivateAi.',
  UserNotRegistered: 'The user is not registered with the company.',
  UserAlreadyRegistered: 'The user is registered already, with another role.',
  PolicyNotDefined: 'The policy is not defined.',
  PolicyAlreadyDefined: 'The policy is defined already; use RevisePolicy to change it.',
  AbsentSettingWithValues: 'An absent setting has no toggles; set both to false.',
  DeviceGroupNotCreated: 'The device group does not exist.',
  GroupHasNoPolicy: 'The group that the device inherits from has no policy.',
  NoPolicySource: 'The device has no policy source, so there is nothing to apply.',
  PolicySourceIncomplete: 'Name the policyId for an own policy, or the groupId to inherit from.',
  PolicyVersionUnknown: 'The policy has no such version.',
  PolicyVersionNotNewer: 'The device has applied a newer version of the policy already.',
  PolicyNotAssigned: 'The policy is not what the device’s source names.',
  DeviceNotEnrolled: 'The device does not belong to the company’s account.',
  DeviceAlreadyEnrolled: 'The device is enrolled already, with another platform.',
  EnforcedByPolicy:
    'The setting is enforced by the applied policy; the local user cannot change it.',
  OrderDiffers: 'The order number is known with another content; nothing was changed.',
  OrderUnknown: 'No purchase with this order number is known.',
  RefundBeforePurchase: 'The refund is dated before the purchase.',
  NotExplained: 'A change by hand needs a reason and an author.',
  LotEndsBeforeStart: 'The credits would end before they begin.',
  GrantDiffers: 'The promotion or adjustment is known with another content; nothing was changed.',
  DeductionTooLarge: 'There are not that many credits to take away; nothing was changed.',
  LotUnknown: 'There are no such credits.',
  MonthNotOver: 'The month is not over; its statement can be issued when it is.',
  StatementOutOfOrder: 'Statements are issued one month after the other.',
  AmountTooLarge: 'The amount is too large.',
  InsufficientCredits: 'The company has no AI credit left; more can be purchased.',
  SessionNotStarted: 'No such session has been started.',
  SessionAlreadyStarted: 'The session has been started before, with other facts.',
  SessionAlreadyEnded: 'The session has ended.',
  EndBeforeStart: 'The session cannot end before it starts.',
  NoPromptOpen: 'Nobody was asked in this session, or the prompt is closed.',
  PromptAlreadyAnswered: 'The prompt has been answered; a consent can be withdrawn instead.',
  NothingToWithdraw: 'There is no permission to withdraw.',
  PolicyCannotBeWithdrawn:
    'The session is summarised by policy, which the remote side cannot withdraw.',
  NoBasis: 'There was no basis for capturing it, so nothing of it is stored.',
  AiUseNotAllowed: 'AI is not available in this session.',
  SummaryNotFound: 'There is no summary of this session.',
  SummaryIsDeleted: 'The summary has been deleted; it cannot be brought back.',
  StaleRevision: 'Somebody has changed the summary since; read the current revision and edit that.',
};

/** A refusal in plain words. */
export const refusalInWords = (tag: string): string => refusals[tag] ?? `Refused: ${tag}.`;
