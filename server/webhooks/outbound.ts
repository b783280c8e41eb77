import { type ClientRequest, request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { DISGUISED, isDisguised, withoutDisguised } from './disguised-address.ts';
import { publicLookup } from './host-lookup.ts';
import { isAmong, type Reach, urlFault } from './reach.ts';
import { Turns } from './turns.ts';

/** Why there was no answer. Says nothing of what was found at the address. */
export const NO_ANSWERS = [
  'url_refused',
  'host_refused',
  'address_refused',
  'name_unknown',
  'not_reached',
  'certificate_refused',
  'cut_off',
  'too_slow',
  /** This hub is about to end. */
  'given_up',
] as const;
export type NoAnswer = (typeof NO_ANSWERS)[number];

export type Outcome =
  | { readonly status: number; readonly retryAfter: string | null; readonly durationMs: number }
  | { readonly reason: NoAnswer; readonly durationMs: number };

export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Hosts that alone will do, such as push services; `*.example.com` stands for any below it. */
  readonly only?: readonly string[];
}

export interface OutboundParts {
  readonly reach: Reach;
  readonly lookup?: LookupFunction;
  readonly timeLimitMs?: number;
}

const TIME_LIMIT_MS = 15_000;
const MOST_AT_ONCE = 20;
/** Of one site: the slow receivers of one don't keep the others waiting. */
const MOST_AT_ONCE_EACH = 6;
const MOST_ANSWER_BYTES = 4_096;
const MOST_HEADER_BYTES = 8_192;
/** The status is known by then; what follows is read for courtesy alone. */
const ANSWER_MS = 1_000;

/**
 * The one way to addresses that somebody else gave. A name is looked up once, and what was found is checked and connected to, so
 * that it can't be another one by then. Redirects are not followed: a 3xx is an answer like any other. Of an answer nothing but
 * the status and `Retry-After` is let in. Proxies that the environment names are not used: they would be asked to look names up.
 */
export class Outbound {
  readonly #reach: Reach;
  readonly #lookup: LookupFunction | undefined;
  readonly #timeLimitMs: number;
  readonly #turns = new Turns(MOST_AT_ONCE, MOST_AT_ONCE_EACH);
  readonly #underWay = new Set<AbortController>();
  #isClosed = false;
  readonly #agents: { readonly http: RequestFilteringHttpAgent; readonly https: RequestFilteringHttpsAgent };

  constructor({ reach, lookup, timeLimitMs = TIME_LIMIT_MS }: OutboundParts) {
    this.#reach = reach;
    // A machine's own names, such as localhost, are for those who may be reached by them.
    this.#lookup = reach.isPrivateAllowed ? lookup : withoutDisguised(lookup ?? publicLookup);
    this.#timeLimitMs = timeLimitMs;
    const allowed = {
      allowPrivateIPAddress: reach.isPrivateAllowed,
      allowMetaIPAddress: reach.isPrivateAllowed,
    };
    const options = { ...allowed, keepAlive: false };
    this.#agents = {
      http: new RequestFilteringHttpAgent(options),
      https: new RequestFilteringHttpsAgent(options),
    };
  }

  /** Why no request may be sent there, as far as the text tells; null: it may. */
  urlFault(url: string): string | null {
    return urlFault(url, this.#reach);
  }

  /** Runs the work once there is room for one more request of this site. */
  inTurn<T>(site: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(site, work);
  }

  /** Never rejects. */
  async post({ url, only, ...request }: OutboundRequest): Promise<Outcome> {
    const startedAt = performance.now();
    const end = (outcome: { status: number; retryAfter: string | null } | { reason: NoAnswer }): Outcome => ({
      ...outcome,
      durationMs: Math.round(performance.now() - startedAt),
    });
    if (this.urlFault(url) !== null) return end({ reason: 'url_refused' });
    const target = new URL(url);
    if (only && !isAmong(target.hostname, only)) return end({ reason: 'host_refused' });
    if (!this.#reach.isPrivateAllowed && isDisguised(target.hostname))
      return end({ reason: 'address_refused' });
    if (this.#isClosed) return end({ reason: 'given_up' });
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#timeLimitMs);
    this.#underWay.add(limit);
    try {
      return end(await this.#send(target, request, limit.signal));
    } catch (error) {
      if (this.#isClosed) return end({ reason: 'given_up' });
      return end({ reason: limit.signal.aborted ? 'too_slow' : reasonOf(error) });
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(limit);
    }
  }

  /** What is under way is given up, and nothing more is sent. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#underWay) request.abort();
  }

  #send(
    target: URL,
    { headers, body }: Pick<OutboundRequest, 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null }> {
    return new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        maxHeaderSize: MOST_HEADER_BYTES,
        signal,
        ...(this.#lookup ? { lookup: this.#lookup } : {}),
      };
      const request: ClientRequest =
        target.protocol === 'https:'
          ? requestHttps(target, { ...options, agent: this.#agents.https })
          : requestHttp(target, { ...options, agent: this.#agents.http });
      request.on('response', (response) => {
        const { statusCode = 0, headers: told } = response;
        resolve({ status: statusCode, retryAfter: told['retry-after'] ?? null });
        letFinish(response, request);
      });
      // It stays for as long as the request does: an error that nobody hears would end the process.
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** A receiver that is cut off while it answers may take it for a failure, so a short answer is read to its end. */
function letFinish(response: IncomingMessage, request: ClientRequest): void {
  let bytes = 0;
  const late = setTimeout(() => request.destroy(), ANSWER_MS);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) request.destroy();
  });
  response.on('error', () => request.destroy());
  response.on('close', () => clearTimeout(late));
}

const CUT_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);
const UNKNOWN_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA']);

function reasonOf(error: unknown): NoAnswer {
  const { code = '', message } = error as Error & { readonly code?: string };
  // The filter's own error has no code.
  if (code === DISGUISED || (code === '' && message.includes('is not allowed'))) return 'address_refused';
  if (CUT_OFF.has(code) || code.startsWith('HPE_')) return 'cut_off';
  if (UNKNOWN_NAME.has(code)) return 'name_unknown';
  return /CERT|TLS|SSL|SIGNATURE/.test(code) ? 'certificate_refused' : 'not_reached';
}
