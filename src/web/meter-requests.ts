/** Requests as they were answered, for Prometheus. */
import type { Meters } from './meters.ts';
import type { TypedApp } from './typed-app.ts';

/** Looks at every request of `app` on its way out. */
export function meterRequests(app: TypedApp, { counter, histogram }: Meters): void {
  const requests = counter('alfred_http_requests_total', 'Requests answered', ['method', 'route', 'status']);
  const took = histogram(
    'alfred_http_request_duration_seconds',
    'How long requests took; streams until their end',
    ['route'],
    [0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 30],
  );
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    // Its pattern: an address that was made up must not become a label.
    const route = routeOptions.url ?? 'none';
    requests.inc({ method, route, status: statusCode });
    took.observe({ route }, elapsedTime / 1000);
  });
}
