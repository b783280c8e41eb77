import type { Invariant } from './observer/violation.ts';

/** A bug that someone might well write, put into the real code for the length of a simulation. */
export interface PlantedFault {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What notices it. */
  readonly breaks: readonly Invariant[];
}

type Fault = Omit<PlantedFault, 'file'>;

function inFile(file: string, faults: readonly Fault[]): PlantedFault[] {
  return faults.map((fault) => ({ ...fault, file }));
}

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...inFile('server/engine/engine.ts', [
    {
      name: 'a store that is away passes for success',
      find: 'for (const { inputs, reject } of batch) {\n          this.#telemetry.refused(inputs.length, known.code);\n          reject(known);',
      replace: 'for (const { resolve } of batch) {\n          resolve(nothingAsked);',
      breaks: ['countedOnce', 'honestCountdown'],
    },
  ]),
  ...inFile('server/engine/commit-loop.ts', [
    {
      name: 'the ack goes out before the commit',
      find: 'const result = await this.#commit(turn.commit);',
      replace:
        'void this.#commit(turn.commit).catch(() => undefined); const result = { ok: true, why: "", rule: "", nodes: [] };',
      breaks: ['countedOnce'],
    },
    {
      name: 'effects are carried out before the commit',
      find: 'const result = await this.#commit(turn.commit);',
      replace: 'this.#carryOut(key, turn.steps, []); const result = await this.#commit(turn.commit);',
      breaks: ['honestCountdown', 'paintedOnce'],
    },
    {
      name: 'a conflict passes for success',
      find: 'if (result.ok) {',
      replace: 'if (result.ok || result.why === "conflict") {',
      breaks: ['countedOnce', 'paintedOnce', 'honestCountdown'],
    },
    {
      name: 'what a process remembers passes for what is stored',
      find: 'if (stored.isFresh) return turn.outcomes;',
      replace: 'return turn.outcomes;',
      breaks: ['paintedOnce', 'honestCountdown', 'deadlinesKept', 'reasonOnRecord', 'countedOnce'],
    },
  ]),
  ...inFile('server/engine/batch-decision.ts', [
    {
      name: 'only the first event of a message is looked up',
      find: "for (const input of inputs) if (input.kind === 'event') ids.push(input.event.id);",
      replace:
        "for (const input of inputs.slice(0, 1)) if (input.kind === 'event') ids.push(input.event.id);",
      breaks: ['countedOnce', 'queuesDrain'],
    },
  ]),
  ...inFile('server/engine/due-shoppers.ts', [
    {
      name: 'a deadline that was claimed by a hub that died is never claimed again',
      find: 'const LEASE_MS = 10_000;',
      replace: 'const LEASE_MS = 1e12;',
      breaks: ['reasonOnRecord', 'deadlinesKept', 'paintedOnce'],
    },
    {
      name: 'nobody looks for deadlines after the store was away once',
      find: "logger.warn({ err: error }, 'deadlines could not be read');",
      replace: 'return;',
      breaks: ['reasonOnRecord', 'deadlinesKept', 'paintedOnce'],
    },
  ]),
  ...inFile('server/core/decide.ts', [
    {
      name: 'a purchase leaves the reminders up',
      find: "if (event.name === 'purchase') endAboutCart(turn);",
      replace: '',
      breaks: ['nothingAfterPurchase'],
    },
    {
      name: 'a purchase of a shop’s server leaves the reminders up',
      find: "if (event.name === 'purchase') endAboutCart(turn);",
      replace: "if (event.name === 'purchase' && input.source === 'page') endAboutCart(turn);",
      breaks: ['nothingAfterPurchase'],
    },
    {
      name: 'an order that is told again empties the cart of now',
      find: "if (event.name === 'purchase' && isOldOrder(turn, event, input.source)) return;",
      replace: '',
      breaks: ['countedOnce'],
    },
    {
      name: 'an event from before the purchase has its say after it',
      find: "return isLate ? hold(turn, rules, 'late_event') : rules;",
      replace: 'return rules;',
      breaks: ['nothingAfterPurchase'],
    },
    {
      name: 'a server’s purchase comes before what pages told',
      find: 'placeAfter(cart.ledger, rev)',
      replace: 'placeAfter(cart.ledger, 0)',
      breaks: ['countedOnce', 'nothingAfterPurchase'],
    },
    {
      name: 'a cart is abandoned in half the time',
      find: 'turn.live.site.abandonAfterMs > turn.now) return;',
      replace: 'turn.live.site.abandonAfterMs / 2 > turn.now) return;',
      breaks: ['deadlinesKept'],
    },
  ]),
  ...inFile('server/core/cart-ledger.ts', [
    {
      name: 'a report that is older than the last snapshot changes the cart',
      find: "if (report.says === 'nothing' || isBefore(at, ledger.base)) return ledger;",
      replace: "if (report.says === 'nothing') return ledger;",
      breaks: ['countedOnce', 'nothingAfterPurchase'],
    },
    {
      name: 'a snapshot leaves the changes before it in the cart',
      find: 'pending: ledger.pending.filter((change) => isBefore(at, change))',
      replace: 'pending: ledger.pending',
      breaks: ['countedOnce', 'nothingAfterPurchase'],
    },
    {
      name: 'changes are applied in the order in which they arrive',
      find: 'return later < 0 ? [...changes, change] : changes.toSpliced(later, 0, change);',
      replace: 'return later < -1 ? changes : [...changes, change];',
      breaks: ['countedOnce'],
    },
  ]),
  ...inFile('server/core/nudge-life.ts', [
    {
      name: 'a nudge that nobody saw keeps its place under the caps',
      find: 'if (!displayed) release(shopper, live);',
      replace: '',
      breaks: ['capsExact'],
    },
    {
      name: 'a nudge that was seen gives its place back',
      find: 'if (!displayed) release(shopper, live);',
      replace: 'release(shopper, live);',
      breaks: ['capsExact'],
    },
    {
      name: 'word of a display that comes after the end is not heard',
      find: 'confirm(turn, id, marks);',
      replace: '',
      breaks: ['capsExact'],
    },
    {
      name: 'every tab that asks may paint',
      find: "(follows ? isHolder || from === 'page' : isHolder && live.state === 'claimed');",
      replace: 'true;',
      breaks: ['paintedOnce'],
    },
    {
      name: 'a nudge that was displayed may be painted by its tab again',
      find: "isHolder && live.state === 'claimed');",
      replace: 'isHolder);',
      breaks: ['paintedOnce'],
    },
    {
      name: 'a countdown that moves stays where it was, too',
      find: 'if (live.tab !== null && !isHolder) moveTo(turn, id, tab);',
      replace: '',
      breaks: ['paintedOnce'],
    },
    {
      name: 'what has run out stays for another minute',
      find: 'if (live.nudge.expiresAt <= turn.now)',
      replace: 'if (live.nudge.expiresAt + 60_000 <= turn.now)',
      breaks: ['reasonOnRecord'],
    },
    {
      name: 'pages are not told that a nudge has ended',
      find: "turn.effects.push({ kind: 'withdraw', id: nudge.id, reason: why, seq, ...told });",
      replace: '',
      breaks: ['paintedOnce', 'nothingAfterPurchase'],
    },
    {
      name: 'the end of a nudge is not put on record',
      find: 'turn.ended.push({ nudge: nudge.id, rule: nudge.rule, why, displayed });',
      replace: '',
      breaks: ['reasonOnRecord', 'nothingAfterPurchase'],
    },
    {
      name: 'what was displayed is on record as unseen',
      find: "const displayed = live.state === 'displayed';",
      replace: "const displayed = live.state === 'claimed';",
      breaks: ['reasonOnRecord'],
    },
  ]),
  ...inFile('server/core/limits.ts', [
    {
      name: 'a limit lets one more pass',
      find: 'return count >= limit.times;',
      replace: 'return count > limit.times;',
      breaks: ['capsExact'],
    },
    {
      name: 'a limit looks back over half its time',
      find: 'if (at > now - limit.perMs) count++;',
      replace: 'if (at > now - limit.perMs / 2) count++;',
      breaks: ['capsExact'],
    },
    {
      name: 'there is no cooldown',
      find: 'if (latest + site.cooldownMs > now)',
      replace: 'if (latest > now)',
      breaks: ['capsExact'],
    },
    {
      name: 'what a shopper waits for takes places under the site’s caps',
      find: 'shopper.past.filter(isCountedBySite)',
      replace: 'shopper.past',
      breaks: ['capsExact'],
    },
    {
      name: 'who said no is sold to',
      find: "!allows(shopper, 'marketing', site.needsConsent)",
      replace: "!allows(shopper, 'marketing', site.needsConsent) && site.needsConsent",
      breaks: ['consentKept', 'capsExact'],
    },
    {
      name: 'no consent passes for consent',
      find: "allows(shopper, 'marketing', site.needsConsent)",
      replace: "allows(shopper, 'marketing', false)",
      breaks: ['consentKept'],
    },
    {
      name: 'a rule that was dismissed does not rest',
      find: "if (restUntil > now) return { ...held, by: 'dismissed'",
      replace: "if (restUntil < 0) return { ...held, by: 'dismissed'",
      breaks: ['capsExact'],
    },
    {
      name: 'the past is forgotten before a limit has looked at it',
      find: 'entry.at > now - lookBackMs',
      replace: 'entry.at > now - lookBackMs / 4',
      breaks: ['capsExact'],
    },
  ]),
  ...inFile('server/core/offers.ts', [
    {
      name: 'there may be two offers at once',
      find: 'order === null && expiresAt > now',
      replace: 'order !== null && expiresAt > now',
      breaks: ['capsExact'],
    },
  ]),
  ...inFile('server/core/consider.ts', [
    {
      name: 'a code is handed out without being taken from its budget',
      find: 'turn.budgets.push(...budgetTakes(rule, turn.shopper.cart, turn.live.site));',
      replace: '',
      breaks: ['capsExact'],
    },
  ]),
  ...inFile('server/core/wake.ts', [
    {
      name: 'nobody wakes for a nudge that runs out',
      find: 'for (const { nudge } of shopper.nudges) wakeAt = Math.min(wakeAt, nudge.expiresAt);',
      replace: '',
      breaks: ['reasonOnRecord', 'paintedOnce'],
    },
    {
      name: 'a cart is idle from its start, whatever its shopper does',
      find: 'return Math.max(activeAt, cart.startedAt ?? activeAt);',
      replace: 'return cart.startedAt ?? activeAt;',
      breaks: ['deadlinesKept'],
    },
    {
      name: 'a rule has its turn again and again',
      find: 'return waited.some((wait) => wait.since === since && wait.rule === rule.id);',
      replace: 'return waited.some((wait) => wait.since > since && wait.rule === rule.id);',
      breaks: ['deadlinesKept'],
    },
  ]),
  ...inFile('server/core/redeem.ts', [
    {
      name: 'a code is good for a while after its deadline',
      find: 'if (expiresAt <= turn.now)',
      replace: 'if (expiresAt + 300_000 <= turn.now)',
      breaks: ['honestCountdown'],
    },
    {
      name: 'a code that was spent is good for any order',
      find: 'return coupon.order === order ? redeemed',
      replace: "return coupon.order !== '' ? redeemed",
      breaks: ['honestCountdown'],
    },
    {
      name: 'nobody remembers that a code was spent',
      find: 'replace(turn, coupon, spent);',
      replace: '',
      breaks: ['honestCountdown'],
    },
  ]),
  ...inFile('server/core/compose.ts', [
    {
      name: 'the countdown shows another deadline than the code has',
      find: '...(offer ? { offer } : {}),\n    ...(items',
      replace:
        '...(offer ? { offer } : {}),\n    ...(offer ? { offer: { ...offer, expiresAt: offer.expiresAt + 1_000 } } : {}),\n    ...(items',
      breaks: ['honestCountdown'],
    },
  ]),
  ...inFile('server/hub/connection.ts', [
    {
      name: 'a page is told yes, whatever was decided',
      find: 'return answer.granted ? { ok: true }',
      replace: 'return answer.kind ? { ok: true }',
      breaks: ['paintedOnce'],
    },
    {
      name: 'the welcome has what the page must have seen already',
      find: 'nudges: document ? liveNudges(document, now) : [],',
      replace: 'nudges: document?.nudges.map(({ nudge }) => ({ ...nudge, expiresAt: now + 60_000 })) ?? [],',
      breaks: ['honestCountdown', 'paintedOnce'],
    },
  ]),
  ...inFile('widget/session.ts', [
    {
      name: 'a page goes on painting what was withdrawn',
      find: "'elsewhere');\n      return without(session, signal.id);",
      replace: "'elsewhere');\n      return session;",
      breaks: ['paintedOnce', 'nothingAfterPurchase'],
    },
    {
      name: 'a page paints before it is allowed to',
      find: "hold === 'held' || isPainted",
      replace: "hold === 'held' || hold === 'claiming' || isPainted",
      breaks: ['paintedOnce'],
    },
  ]),
  ...inFile('widget/sender.ts', [
    {
      name: 'what a busy hub refused is taken out of the queue',
      find: 'if (ack.retryAfter !== undefined) return new Set();',
      replace: '',
      breaks: ['countedOnce'],
    },
  ]),
  ...inFile('widget/event-queue.ts', [
    {
      name: 'what the hub has stays in the queue of the device',
      find: 'this.#events = this.#events.filter(({ id }) => !ids.has(id));\n    this.#write(now);',
      replace: 'this.#events = this.#events.filter(({ id }) => !ids.has(id));',
      breaks: ['queuesDrain'],
    },
    {
      name: 'what a dead tab left is thrown away',
      find: 'this.#events = [...left.events, ...this.#events];',
      replace: '',
      breaks: ['countedOnce'],
    },
    {
      name: 'a page that is opened forgets what its tab had kept',
      find: 'this.#events = this.#read(this.#key)?.events ?? [];',
      replace: 'this.#events = [];',
      breaks: ['countedOnce'],
    },
  ]),
  ...inFile('widget/hub-clock.ts', [
    {
      name: 'a countdown runs by the clock of the shopper’s computer',
      find: 'return this.#hubNow + (performance.now() - this.#readAt);',
      replace: 'return Date.now();',
      breaks: ['honestCountdown'],
    },
  ]),
];
