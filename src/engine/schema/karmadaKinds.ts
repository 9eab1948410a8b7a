import type { KindSchema } from './types.ts';

/** The tables of Karmada's own kinds. */
export const karmadaKinds: readonly KindSchema[] = [];
