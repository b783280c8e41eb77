import { ORIGIN, PUBLISHABLE_KEY } from '../bench/bench-site.ts';
import { FrameSocket } from '../bench/frame-socket.ts';

/** A second page of a shopper: it says nothing, and gets the nudges that the first one gets. */
export class WatchingPage {
  readonly #socket: FrameSocket;

  private constructor(socket: FrameSocket) {
    this.#socket = socket;
  }

  /** Resolves when the server has said welcome. */
  static open(url: URL, token: string, nudged: () => void): Promise<WatchingPage> {
    return new Promise((resolve, reject) => {
      const take = (text: string) => {
        if (text.startsWith('42["nudge"')) nudged();
        else if (text.startsWith('42["welcome"')) resolve(new WatchingPage(socket));
        else if (text === '2') socket.send('3');
        else if (text.startsWith('0'))
          socket.send(`40{"site":"${PUBLISHABLE_KEY}","tab":"bench-watching","token":"${token}"}`);
        else if (text.startsWith('44')) reject(new Error(`The server refused a page: ${text}`));
      };
      const socket = new FrameSocket(url, ORIGIN, take, reject);
    });
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  close(): void {
    this.#socket.close();
  }
}
