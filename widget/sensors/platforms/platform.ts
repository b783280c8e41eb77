/** A cart in GA4's words as a platform has it, before it is checked. */
export interface PlatformCart {
  readonly items: readonly PlatformItem[];
  readonly currency: unknown;
}

interface PlatformItem {
  readonly item_id: unknown;
  readonly item_name: unknown;
  readonly item_variant: unknown;
  readonly price: number;
  readonly quantity: unknown;
}

/** What a page hears of its cart. */
export interface CartSigns {
  /** The cart may be another one now. */
  changed(): void;
  /** The shopper looks at it. */
  viewed(): void;
  /** Something that is not about the cart. */
  seen(name: string, params: object): void;
}

/** A shop's software, as far as its cart goes. */
export interface Platform {
  /** Its own account of the cart, which outweighs everything that pages say. Rejects while it can't be asked. */
  read(): Promise<PlatformCart>;
  /** Addresses of requests that change the cart, whoever makes them. The one that `read` asks is not among them. */
  readonly changedBy: RegExp;
  /** Hears the platform's own events. Returns what ends that. */
  listen(signs: CartSigns): () => void;
  isCartPage(): boolean;
}

export type Fields = Readonly<Record<string, unknown>>;
