import type { KindSchema } from '../types.ts';

/** The tables of Flux's kinds: HelmRelease and its sources. */
export const fluxKinds: readonly KindSchema[] = [];
