/** The tables of Flux's kinds and what each Flux minor serves: the only door of this folder. */
export { fluxKinds } from './kinds.ts';
export {
  deprecationWarning,
  fluxMinors,
  latestFluxMinor,
  preferredVersion,
  servedVersions,
} from './versions.ts';
