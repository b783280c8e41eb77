import type { Request } from 'express';
import { HubError, refuse } from '../engine/hub-error.ts';
import { parse } from '../engine/parse.ts';
import type { Attempts } from '../limits/attempts.ts';
import { DISABLED_WORDS, type Endpoint } from '../webhooks/endpoints.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { WebhookBody } from '../../shared/webhook.ts';
import type { Route } from './route.ts';

const BODY_LIMIT = '8kb';

/** Addresses that are told what happens on a site. An address may hold a secret of its own, so viewers don't see it. */
export function webhookRoutes(webhooks: Webhooks, attempts: Attempts): Route[] {
  return [
    ...readingWebhooks(webhooks),
    ...changingWebhooks(webhooks),
    tryingWebhook(webhooks, attempts),
    ...inboundSecret(webhooks),
  ];
}

function readingWebhooks({ endpoints, health }: Webhooks): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/webhooks',
      needs: 'editor',
      handle: async (_request, { site }) => ({ webhooks: (await endpoints.of(site)).map(shown) }),
    },
    {
      method: 'get',
      path: '/v1/webhooks/:id',
      needs: 'editor',
      handle: async (request, { site }) => shown(await endpoints.get(site, idIn(request))),
    },
    {
      method: 'get',
      path: '/v1/webhooks/:id/deliveries',
      needs: 'editor',
      async handle(request, { site }) {
        const { id } = await endpoints.get(site, idIn(request));
        const { failingSince, attempts } = await health.read(id);
        return { failingSince, attempts };
      },
    },
  ];
}

function changingWebhooks(webhooks: Webhooks): Route[] {
  const { endpoints } = webhooks;
  return [
    {
      method: 'post',
      path: '/v1/webhooks',
      needs: 'owner',
      bodyLimit: BODY_LIMIT,
      async handle(request, { site }, response) {
        const { endpoint, secret } = await endpoints.add(site, bodyIn(request, webhooks));
        response.status(201);
        return { ...shown(endpoint), secret };
      },
    },
    {
      method: 'put',
      path: '/v1/webhooks/:id',
      needs: 'owner',
      bodyLimit: BODY_LIMIT,
      handle: async (request, { site }) =>
        shown(await endpoints.replace(site, idIn(request), bodyIn(request, webhooks))),
    },
    {
      method: 'delete',
      path: '/v1/webhooks/:id',
      needs: 'owner',
      async handle(request, { site }) {
        await webhooks.remove(site, idIn(request));
        return { ok: true };
      },
    },
    {
      method: 'post',
      path: '/v1/webhooks/:id/secret',
      needs: 'owner',
      handle: async (request, { site }) => ({ secret: await endpoints.renewSecret(site, idIn(request)) }),
    },
    {
      method: 'post',
      path: '/v1/webhooks/:id/enable',
      needs: 'owner',
      async handle(request, { site }) {
        const id = idIn(request);
        await webhooks.enable(site, id);
        return shown(await endpoints.get(site, id));
      },
    },
  ];
}

function tryingWebhook(webhooks: Webhooks, attempts: Attempts): Route {
  return {
    method: 'post',
    path: '/v1/webhooks/:id/test',
    needs: 'owner',
    async handle(request, { site }) {
      const { id } = await webhooks.endpoints.get(site, idIn(request));
      const retryAfterMs = await attempts.count('webhook_test', site);
      if (retryAfterMs > 0) throw new HubError('rate_limited', 'Too many tests.', { retryAfterMs });
      const { durationMs, ...outcome } = await webhooks.sendTest(site, id);
      if ('reason' in outcome) return { ok: false, reason: outcome.reason, durationMs };
      const { status } = outcome;
      return { ok: status >= 200 && status < 300, status, durationMs };
    },
  };
}

/** With which others sign what they tell on the site's behalf. */
function inboundSecret(webhooks: Webhooks): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/inbound-secret',
      needs: 'owner',
      handle: async (_request, { site }) => ({ secret: await webhooks.inbound.renewSecret(site) }),
    },
    {
      method: 'delete',
      path: '/v1/inbound-secret',
      needs: 'owner',
      async handle(_request, { site }) {
        await webhooks.inbound.dropSecrets(site);
        return { ok: true };
      },
    },
  ];
}

function idIn(request: Request): string {
  return String(request.params['id'] ?? '');
}

function bodyIn(request: Request, { outbound }: Webhooks): WebhookBody {
  const body = parse(WebhookBody, request.body);
  const message = outbound.urlFault(body.url);
  if (message !== null) refuse([{ path: 'url', message }]);
  return body;
}

function shown({ id, url, types, description, createdAt, disabled, secrets }: Endpoint) {
  return {
    id,
    url,
    types: types ?? null,
    description: description ?? null,
    createdAt,
    disabled: disabled ? { ...disabled, message: DISABLED_WORDS[disabled.reason] } : null,
    /** Until when the secret before the newest signs too. */
    oldSecretUntil: secrets[1]?.until ?? null,
  };
}
