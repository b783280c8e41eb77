import { z } from 'zod';
import { ErrorBody, ERRORS } from '../../shared/errors.ts';
import { ACKS, HUB_MESSAGES } from '../../shared/hub-messages.ts';

const AnyAck = z.union([ACKS.track, ACKS.claim, ACKS.open]);
const Refused = z.object({ ok: z.literal(false), error: ErrorBody, retryAfter: z.number().optional() });
const Problem = ErrorBody.extend({ type: z.literal('about:blank'), title: z.string(), status: z.number() });
/** `/readyz` of a hub that is not. */
const NotReady = z.strictObject({ ok: z.literal(false), faults: z.array(z.string()).min(1) });
/** What Engine.IO says to a request that it does not take. */
const EngineRefusal = z.object({ code: z.number(), message: z.string() });

/** Where code is, which is nobody's business outside. */
const OF_CODE = /(\n|\\n)\s+at |node_modules|file:\/\/|\/server\/\w+\//;

/** What is wrong with an answer to a page's message; null: nothing. `given`: the list that Socket.IO carries. */
export function ackFault(text: string): string | null {
  const given = jsonOf(text);
  const [ack, ...more] = Array.isArray(given) ? (given as unknown[]) : [];
  if (more.length > 0 || ack === undefined) return 'an ack has one part';
  const refused = Refused.safeParse(ack);
  if (refused.success) return refusalFault(refused.data.error, text);
  return AnyAck.safeParse(ack).success ? null : 'no ack that a page can read';
}

/** What is wrong with what the hub says by itself. */
export function messageFault(text: string): string | null {
  const given = jsonOf(text);
  const [name, body] = Array.isArray(given) ? (given as unknown[]) : [];
  const schema = Object.entries(HUB_MESSAGES).find(([known]) => known === name)?.[1];
  if (!schema) return 'a message that no page knows';
  const read = (schema as z.ZodType).safeParse(body);
  return read.success ? null : `not as pages read it: ${read.error.issues[0]?.path.join('.')}`;
}

/** What is wrong with a refused connection. Socket.IO has words of its own for namespaces that there are not. */
export function connectErrorFault(text: string): string | null {
  const given = z.object({ message: z.string(), data: ErrorBody.optional() }).safeParse(jsonOf(text));
  if (!given.success) return 'no error that a page can read';
  return refusalFault(given.data.data, text);
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Node's own parser has refused the request before the hub saw it. */
  readonly isBare: boolean;
}

/** What is wrong with an answer over HTTP; null: nothing. */
export function httpFault({ status, type, body, isBare }: HttpAnswer): string | null {
  if (OF_CODE.test(body)) return 'it tells of the code';
  if (status < 400) return null;
  if (isBare) return status < 500 ? null : 'an error without a word';
  if (NotReady.safeParse(jsonOf(body)).success && status === 503) return null;
  if (EngineRefusal.safeParse(jsonOf(body)).success && status < 500) return null;
  if (!type.startsWith('application/problem+json')) return `${type || 'no type'} in place of problem details`;
  const problem = Problem.safeParse(jsonOf(body));
  if (!problem.success) return 'problem details that nobody can read';
  const { code, status: told } = problem.data;
  const isKnown = ERRORS[code].status === status || (code === 'invalid' && status === 415);
  if (told !== status || !isKnown) return `${code} is not ${status}`;
  return refusalFault(problem.data, body);
}

function refusalFault(error: ErrorBody | undefined, text: string): string | null {
  if (error?.code === 'internal') return 'an error that nobody foresaw';
  return OF_CODE.test(text) ? 'it tells of the code' : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
