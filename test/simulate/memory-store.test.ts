import { storeContract } from '../contracts/store-contract.ts';
import { Disk } from './world/disk.ts';
import { MemoryStore } from './world/memory-store.ts';

storeContract('the store of the simulation', () => {
  let disk: Disk | null = null;
  return Promise.resolve({
    open(clock) {
      disk ??= new Disk(clock);
      return Promise.resolve(new MemoryStore(disk));
    },
  });
});
