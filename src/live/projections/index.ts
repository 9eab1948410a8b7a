/** Objects of the control plane as rows. */
export { readBinding } from './binding.ts';
export { readCluster } from './cluster.ts';
export { readEvent } from './event.ts';
export { createInterner } from './interner.ts';
export type { Interner } from './interner.ts';
export { readObject } from './object.ts';
export { readWork } from './work.ts';
