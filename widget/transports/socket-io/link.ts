/** One way to carry Engine.IO's packets. */
export interface Link {
  send(packet: string): void;
  close(): void;
}

export interface LinkHearer {
  heard(packet: string): void;
  /** It never came about, or is over. */
  gone(): void;
}
