import type { Measured } from '../bench/load-orders.ts';
import { PinnedProcess } from '../bench/pinned-process.ts';
import type { Counted, CrowdOrder, Gathered } from './crowd-orders.ts';
import type { Deployment, Surroundings } from './deployment.ts';

type Told<What extends CrowdOrder['do']> = Omit<Extract<CrowdOrder, { do: What }>, 'do' | 'serverPids'>;

/** The shoppers of one deployment: all of them in one process, which reads what CPU time the servers take meanwhile. */
export class CrowdProcess {
  readonly #process: PinnedProcess;
  readonly #serverPids: readonly number[];

  constructor({ pids }: Deployment, { workshop, cores, pins }: Surroundings) {
    this.#process = new PinnedProcess(cores.load, workshop.program('crowd-generator'), {}, pins);
    this.#serverPids = pids;
  }

  gather(order: Told<'gather'>): Promise<Gathered> {
    return this.#tell({ do: 'gather', ...order, serverPids: this.#serverPids });
  }

  pace(order: Told<'pace'>): Promise<Measured> {
    return this.#tell({ do: 'pace', ...order, serverPids: this.#serverPids });
  }

  saturate(order: Told<'saturate'>): Promise<Measured> {
    return this.#tell({ do: 'saturate', ...order, serverPids: this.#serverPids });
  }

  count(crowd: string): Promise<Counted> {
    return this.#tell({ do: 'count', crowd });
  }

  leave(crowd: string): Promise<Counted> {
    return this.#tell({ do: 'leave', crowd });
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  async #tell<Answer>(order: CrowdOrder): Promise<Answer> {
    return (await this.#process.ask(order)) as Answer;
  }
}
