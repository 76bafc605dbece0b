import type { ApiDeps } from '../deps.js';
import type { Route } from '../route.js';
import {
  companyParams,
  object,
  pageQuery,
  positionHeader,
  query,
  text,
} from '../schemas/common.js';
import {
  addBody,
  deliveriesAnswer,
  endpointAnswer,
  endpointParams,
  endpointsAnswer,
  endpointWithSecret,
  replayBody,
  retriedAnswer,
  retryBody,
  rotateBody,
  shownEndpoint,
  switchBody,
} from '../schemas/webhooks.js';
import {
  addEndpoint,
  listDeliveries,
  listEndpoints,
  removeEndpoint,
  replayEndpoint,
  retryDeliveries,
  rotateSecret,
  showEndpoint,
  switchEndpoint,
} from './webhook-endpoints.js';

const url = '/v1/companies/:company/webhooks';
const endpointUrl = `${url}/:endpoint`;

/** Required, because nobody manages endpoints by default; the role comes from the log. */
const administrator = object({
  'Daybook-Actor': {
    ...text,
    description: 'The administrator who asks, `kind:id`. Only the id counts.',
  },
});

const common = { tag: 'webhooks', headers: administrator, answerHeaders: positionHeader } as const;
const ofCompany = { ...common, url, params: companyParams } as const;
const ofEndpoint = { ...common, params: endpointParams } as const;
const READING = [403, 404];
const WRITING = [403, 404, 413, 415, 422];

const readingRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    ...ofCompany,
    method: 'GET',
    operationId: 'listWebhooks',
    summary: 'The endpoints that the company’s events are sent to, and how each stands.',
    description:
      'For administrators of the company. 503 `webhooks-not-here`: this node does not send webhooks.',
    query: query(),
    answer: { 'application/json': endpointsAnswer },
    problems: READING,
    handle: (request) => listEndpoints(deps, request),
  },
  {
    ...ofEndpoint,
    url: endpointUrl,
    method: 'GET',
    operationId: 'getWebhook',
    summary: 'One endpoint, what is parked for it, and who changed it.',
    query: query(),
    answer: { 'application/json': shownEndpoint },
    problems: READING,
    handle: (request) => showEndpoint(deps, request),
  },
  {
    ...ofEndpoint,
    url: `${endpointUrl}/deliveries`,
    method: 'GET',
    operationId: 'listWebhookDeliveries',
    summary: 'The last attempts to deliver, newest first: when, how long, with which answer.',
    description: 'Nothing of what was sent or answered is kept.',
    query: pageQuery({}),
    answer: { 'application/json': deliveriesAnswer },
    problems: READING,
    handle: (request) => listDeliveries(deps, request),
  },
];

const settingRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    ...ofCompany,
    method: 'POST',
    operationId: 'addWebhook',
    summary: 'Send the company’s events to a URL, signed after Standard Webhooks.',
    description:
      'The answer is the only one that shows the secret. Where may be sent to is the operator’s decision. Sent twice, it makes two endpoints.',
    body: { 'application/json': addBody },
    answer: { 'application/json': endpointWithSecret },
    problems: WRITING,
    handle: (request) => addEndpoint(deps, request),
  },
  {
    ...ofEndpoint,
    url: endpointUrl,
    method: 'PATCH',
    operationId: 'switchWebhook',
    summary: 'Disable an endpoint, or enable it: it goes on where it stopped.',
    body: { 'application/json': switchBody },
    answer: { 'application/json': endpointAnswer },
    problems: WRITING,
    handle: (request) => switchEndpoint(deps, request),
  },
  {
    ...ofEndpoint,
    url: endpointUrl,
    method: 'DELETE',
    operationId: 'removeWebhook',
    summary: 'Forget an endpoint, its secrets and its deliveries.',
    answer: { 'application/json': endpointAnswer },
    problems: READING,
    handle: (request) => removeEndpoint(deps, request),
  },
  {
    ...ofEndpoint,
    url: `${endpointUrl}/rotate`,
    method: 'POST',
    operationId: 'rotateWebhookSecret',
    summary: 'Give an endpoint a new secret; the one before goes on signing for a while.',
    body: { 'application/json': rotateBody },
    answer: { 'application/json': endpointWithSecret },
    problems: WRITING,
    handle: (request) => rotateSecret(deps, request),
  },
];

const sendingRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    ...ofEndpoint,
    url: `${endpointUrl}/retry`,
    method: 'POST',
    operationId: 'retryWebhook',
    summary: 'Try now what waits, and what is parked once more; the ids stay the same.',
    body: { 'application/json': retryBody },
    answer: { 'application/json': retriedAnswer },
    problems: WRITING,
    handle: (request) => retryDeliveries(deps, request),
  },
  {
    ...ofEndpoint,
    url: `${endpointUrl}/replay`,
    method: 'POST',
    operationId: 'replayWebhook',
    summary: 'Send everything after a position of the log again, under the same ids.',
    body: { 'application/json': replayBody },
    answer: { 'application/json': endpointAnswer },
    problems: WRITING,
    handle: (request) => replayEndpoint(deps, request),
  },
];

/** Endpoints of a company, for its administrators; no route reaches another company's. */
export const webhookRoutes = (deps: ApiDeps): readonly Route[] => [
  ...readingRoutes(deps),
  ...settingRoutes(deps),
  ...sendingRoutes(deps),
];
