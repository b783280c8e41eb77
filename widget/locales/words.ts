/** The widget's own words. What a nudge says comes from the hub, in the shopper's language already. */
export interface Words {
  readonly region: string;
  readonly dismiss: string;
  readonly copyCode: string;
  readonly copied: string;
  readonly code: string;
  readonly endsIn: string;
  readonly endsSoon: string;
  readonly minutesLeft: (minutes: number) => string;
}
