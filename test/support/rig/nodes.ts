import { freePort } from '../free-port.ts';
import { type HubProcess, startHub } from '../hub-process.ts';
import { tempDir } from '../temp-dir.ts';

type Env = Readonly<Record<string, string>>;

/** One hub of several, on a port that it keeps over all its lives. */
export class HubNode {
  readonly url: string;
  readonly #env: Env;
  #hub: HubProcess | null = null;

  private constructor(port: number, env: Env) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = { ...env, PORT: String(port) };
  }

  /** A folder of its own, where the environment names none. */
  static async start(env: Env): Promise<HubNode> {
    const dir = env['DATA_DIR'] ?? (await tempDir());
    const node = new HubNode(await freePort(), { ...env, DATA_DIR: dir });
    await node.restart();
    return node;
  }

  get isUp(): boolean {
    return this.#hub !== null;
  }

  /** Everything its last life has logged so far. */
  get log(): readonly string[] {
    return this.#hub?.log ?? [];
  }

  get pid(): number {
    if (!this.#hub) throw new Error(`${this.url} is down.`);
    return this.#hub.pid;
  }

  /** Ends it as a power cut would, frozen or not. */
  async kill(): Promise<void> {
    await this.#hub?.kill();
    this.#hub = null;
  }

  /** Asks it to end; resolves with its exit code. */
  async stop(): Promise<number | null> {
    if (!this.#hub) return null;
    this.thaw();
    const code = await this.#hub.stop();
    this.#hub = null;
    return code;
  }

  /** After `kill` or `stop`: the same again, on the same port. Resolves when it is up. */
  async restart(): Promise<void> {
    if (this.#hub) throw new Error(`${this.url} is up.`);
    this.#hub = await startHub(this.#env);
  }

  /** It does nothing any more, though its connections stay open. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }
}

/** Hubs that share what their environment names, such as `REDIS_URL`; it may differ from one to the next. */
export function startNodes(count: number, env: Env | ((index: number) => Env)): Promise<HubNode[]> {
  const starts = Array.from({ length: count }, (_, index) =>
    HubNode.start(typeof env === 'function' ? env(index) : env),
  );
  return Promise.all(starts);
}
