/**
 * JSON of what is there. Scripts of a shop may give lists and objects a `toJSON` of their own, as Prototype.js does: what a
 * browser writes then is a text within a text.
 */
export function ownJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return this[key];
  });
}
