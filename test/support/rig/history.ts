import { appendFileSync, readFileSync } from 'node:fs';

interface Asked {
  /** The event, the nudge or the code that was asked about, or what was killed. */
  readonly id: string;
}

interface AskedByTab extends Asked {
  readonly shopper: string;
  readonly tab: string;
}

/** What was asked, and what may come of it. `unknown`: no answer came. `refused`: come back later, or never. */
interface Operations {
  event: { asked: AskedByTab & { readonly name: string }; result: 'acked' | 'refused' | 'unknown' };
  claim: {
    asked: AskedByTab & { readonly from: 'push' | 'page' };
    result: 'granted' | 'taken' | 'gone' | 'refused' | 'unknown';
  };
  redeem: { asked: Asked & { readonly order: string }; result: 'redeemed' | 'refused' | 'unknown' };
  /** A process ends without a word, or is stopped in the midst of its work. */
  kill: { asked: Asked; result: 'done' };
}

type Op = keyof Operations;

interface Times {
  readonly invoked: number;
  /** Null: it has not returned. */
  readonly returned: number | null;
}

/** One attempt; what is tried again is another one with the same id. Times are milliseconds since 1970. */
export type Operation<Kind extends Op = Op> = {
  [Name in Kind]: { readonly op: Name; readonly result: Operations[Name]['result'] | null } & Times &
    Operations[Name]['asked'];
}[Kind];

/** What clients have asked for and what they were told, by one clock. Kept in memory, and in a file if there is one. */
export class History {
  readonly #operations: Operation[] = [];
  readonly #path: string | null;

  constructor(path: string | null = null) {
    this.#path = path;
  }

  /** Those that have not returned are among them. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** Notes that something is asked. What it returns is called with the result, once. */
  begin<Kind extends Op>(
    op: Kind,
    asked: Operations[Kind]['asked'],
  ): (result: Operations[Kind]['result']) => void {
    const index = this.#operations.length;
    const begun = { op, ...asked, invoked: Date.now(), returned: null, result: null };
    this.#note(index, begun as unknown as Operation);
    return (result) => this.#note(index, { ...begun, returned: Date.now(), result } as unknown as Operation);
  }

  /** Notes something that is done to a process while it is done. */
  async kill(id: string, kill: () => void | Promise<void>): Promise<void> {
    const done = this.begin('kill', { id });
    await kill();
    done('done');
  }

  #note(index: number, operation: Operation): void {
    this.#operations[index] = operation;
    if (this.#path !== null) appendFileSync(this.#path, `${JSON.stringify({ index, ...operation })}\n`);
  }
}

/** The operations of a history that was kept in a file, also of a process that is dead. */
export function readHistory(path: string): Operation[] {
  const operations: Operation[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    // Of the last line there may be only a part.
    if (!line.endsWith('}')) continue;
    const { index, ...operation } = JSON.parse(line) as Operation & { index: number };
    operations[index] = operation;
  }
  return operations;
}
