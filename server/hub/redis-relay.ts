import type { Logger } from 'pino';
import { connect, type RedisClient } from '../store/redis-link.ts';
import type { Relay, Relayed } from './relay.ts';

/** A word to itself has to be back by then. */
const ECHO_WITHIN_MS = 1_500;

export interface RelayOptions {
  readonly url: string;
  readonly node: string;
  /** Resolves with how many have heard it. */
  publish(channel: string, text: string): Promise<number>;
  readonly logger: Logger;
  /** News for this node's pages. */
  receive(message: Relayed): void;
  /** Listens again, after a time in which others may have taken it for gone. */
  back(): void;
}

/**
 * Each node listens on one channel of its own, and commits tell which nodes a shopper's pages are on: so a message goes to
 * where it is wanted alone, whatever the number of nodes, and one that goes to nobody is noticed.
 */
export class RedisRelay implements Relay {
  readonly #options: RelayOptions;
  #listener: RedisClient;
  #echo: { word: string; heard(): void } | null = null;
  #words = 0;
  /** Resolves once the channel is listened to. */
  #listens: Promise<void>;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#listener = connect(options.url);
    this.#listens = this.#listen();
  }

  send(node: string, message: Relayed, gone: () => void): void {
    this.#say(node, JSON.stringify(message)).then(
      (listeners) => {
        if (listeners === 0) gone();
      },
      (error: unknown) => this.#options.logger.debug({ err: error }, 'news did not get to another node'),
    );
  }

  async check(): Promise<void> {
    const word = `echo ${++this.#words}`;
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<void>((resolve, reject) => {
      this.#echo = { word, heard: resolve };
      timer = setTimeout(
        () => reject(new Error('What is sent to this node does not arrive.')),
        ECHO_WITHIN_MS,
      );
    });
    try {
      // One that has only just been opened is waited for as long as a word is.
      await Promise.all([this.#listens.then(() => this.#say(this.#options.node, word)), heard]);
    } finally {
      clearTimeout(timer);
    }
  }

  renew(): void {
    this.#listener.disconnect();
    this.#listener = connect(this.#options.url);
    this.#listens = this.#listen();
  }

  close(): Promise<void> {
    this.#listener.disconnect();
    return Promise.resolve();
  }

  #say(node: string, text: string): Promise<number> {
    return this.#options.publish(channelOf(node), text);
  }

  #listen(): Promise<void> {
    const listener = this.#listener;
    const { node, logger, back } = this.#options;
    listener.on('error', (error) => logger.debug({ err: error }, 'relay'));
    listener.on('smessage', (_channel: string, text: string) => this.#hear(text));
    return new Promise((resolve) => {
      listener.on('ready', () => {
        listener.ssubscribe(channelOf(node)).then(
          () => {
            resolve();
            back();
          },
          // The next check finds that nothing arrives.
          (error: unknown) => logger.warn({ err: error }, 'news of other nodes can’t be heard'),
        );
      });
    });
  }

  #hear(text: string): void {
    if (text.startsWith('echo ')) {
      if (this.#echo?.word === text) this.#echo.heard();
      return;
    }
    // Only hubs know the channels of hubs.
    this.#options.receive(JSON.parse(text) as Relayed);
  }
}

/** Shards by node, where Redis is a cluster. */
function channelOf(node: string): string {
  return `cartbell:pages:{${node}}`;
}
