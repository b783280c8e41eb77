import type { z } from 'zod';
import type { Registers } from '../store/registers.ts';
import { changeEntry } from './change-entry.ts';

export interface Document<T> {
  readonly id: string;
  readonly value: T;
  readonly expiresAt: number | null;
}

/** What becomes of a document; `null` for a value removes it. */
export interface NewDocument<T> {
  readonly value: T | null;
  /** Absent: it stays. */
  readonly expiresAt?: number;
}

/** One register, whose entries are JSON of one shape. */
export class Documents<S extends z.ZodType> {
  readonly #registers: Registers;
  readonly #register: string;
  readonly #schema: S;

  constructor(registers: Registers, register: string, schema: S) {
    this.#registers = registers;
    this.#register = register;
    this.#schema = schema;
  }

  async read(id: string): Promise<Document<z.infer<S>> | null> {
    const entry = await this.#registers.read(this.#register, id);
    return entry && this.#parsed(entry);
  }

  async list(after: string, limit: number): Promise<Document<z.infer<S>>[]> {
    const entries = await this.#registers.list(this.#register, after, limit);
    return entries.map((entry) => this.#parsed(entry));
  }

  /**
   * Makes of the document what `make` says; null: it stays as it is. Where others change it at once, `make` is asked again
   * about what they left. What it throws is thrown, and nothing changes.
   */
  async change(
    id: string,
    make: (before: z.infer<S> | null) => NewDocument<z.infer<S>> | null,
  ): Promise<void> {
    await changeEntry(this.#registers, this.#register, id, (text) => {
      const next = make(text === null ? null : this.#schema.parse(JSON.parse(text)));
      if (!next) return undefined;
      if (next.value === null) return null;
      const changed = JSON.stringify(next.value);
      return next.expiresAt === undefined ? changed : { text: changed, expiresAt: next.expiresAt };
    });
  }

  #parsed({ id, text, expiresAt }: { id: string; text: string; expiresAt: number | null }) {
    return { id, value: this.#schema.parse(JSON.parse(text)), expiresAt };
  }
}
