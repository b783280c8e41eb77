import type { Chance } from './chance.ts';
import { oddKey, oddValue } from './odd-json.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Member extends Span {
  readonly key: Span;
}

interface Edit extends Span {
  readonly by: string;
}

/** A message that is well formed, and where in its text each value and each member of an object stands. */
export class JsonTemplate {
  readonly text: string;
  readonly #values: readonly Span[];
  readonly #members: readonly Member[];

  constructor(message: unknown) {
    this.text = JSON.stringify(message);
    const values: Span[] = [];
    const members: Member[] = [];
    scan(this.text, 0, values, members);
    this.#values = values;
    this.#members = members;
  }

  /** Still JSON, and wrong in one place or a few: of another type, too much, twice, under another name, or missing. */
  changed(chance: Chance, mostBytes?: number): string {
    const edits = [this.#edit(chance, mostBytes)];
    while (edits.length < 3 && chance.once(4)) edits.push(this.#edit(chance, mostBytes));
    edits.sort((a, b) => b.from - a.from || b.to - a.to);
    let text = this.text;
    let done = Number.POSITIVE_INFINITY;
    for (const { from, to, by } of edits) {
      // What was changed inside of it would be lost, or leave half of it behind.
      if (to > done) continue;
      text = text.slice(0, from) + by + text.slice(to);
      done = from;
    }
    return text;
  }

  #edit(chance: Chance, mostBytes?: number): Edit {
    const value = this.#values[chance.below(this.#values.length)] ?? { from: 0, to: this.text.length };
    const member = this.#members[chance.below(this.#members.length)];
    if (!member) return { ...value, by: oddValue(chance, mostBytes) };
    const before = { from: member.from, to: member.from };
    switch (chance.below(8)) {
      case 0:
        return { ...this.#withComma(member), by: '' };
      case 1:
        return { ...member.key, by: oddKey(chance) };
      case 2:
        return { ...before, by: `${oddKey(chance)}:${oddValue(chance, mostBytes)},` };
      case 3:
        // Of two members with one name the last one counts.
        return { ...before, by: `${this.#at(member.key)}:${oddValue(chance, mostBytes)},` };
      case 4:
        return { ...before, by: `${this.#at(member)},` };
      default:
        return { ...value, by: oddValue(chance, mostBytes) };
    }
  }

  #at({ from, to }: Span): string {
    return this.text.slice(from, to);
  }

  #withComma({ from, to }: Span): Span {
    if (this.text[to] === ',') return { from, to: to + 1 };
    return { from: this.text[from - 1] === ',' ? from - 1 : from, to };
  }
}

/** Reads what `JSON.stringify` writes. Returns where the value that begins there ends. */
function scan(text: string, from: number, values: Span[], members: Member[]): number {
  let at = from;
  const first = text[at];
  if (first === '{' || first === '[') {
    const close = first === '{' ? '}' : ']';
    at++;
    while (text[at] !== close) {
      const start = at;
      if (first === '{') {
        at = stringEnd(text, at);
        const key = { from: start, to: at };
        at = scan(text, at + 1, values, members);
        members.push({ from: start, to: at, key });
      } else at = scan(text, at, values, members);
      if (text[at] === ',') at++;
    }
    at++;
  } else if (first === '"') at = stringEnd(text, at);
  else while (at < text.length && !',]}'.includes(text[at] ?? '')) at++;
  values.push({ from, to: at });
  return at;
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
