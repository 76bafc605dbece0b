import { Histogram, type Registry } from 'prom-client';

/** One answer over HTTP. */
export type Answered = Readonly<{
  method: string;
  /** Template of the route, such as `/v1/companies/:company/sessions`; undefined where none matched. */
  route: string | undefined;
  status: number;
  seconds: number;
}>;

export type HttpMetrics = Readonly<{ answered: (answer: Answered) => void }>;

export const makeHttpMetrics = (register: Registry): HttpMetrics => {
  const duration = new Histogram({
    name: 'daybook_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by the template of its route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [register],
  });
  return {
    answered: ({ method, route, status, seconds }) => {
      // An address that no route knows is the caller's own: it is no label, and neither is its method.
      const labels = route === undefined ? { method: 'any', route: 'none' } : { method, route };
      duration.observe({ ...labels, status: String(status) }, seconds);
    },
  };
};
