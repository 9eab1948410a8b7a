/** Why things are where they are, and in which state, as a text with links. */
export { createExplainer } from './explain.ts';
export type { Explainer } from './explain.ts';
export { whyDocument } from './whyDocument.ts';
export type { WhyDocument, WhyLink } from './document.ts';
export type { Why, WhyTarget } from './why.ts';
export type { FluxReading, WhyFleet, WhyRequest } from './whyFleet.ts';
export {
  accessManifest,
  accessProblem,
  accessText,
  failureText,
  namesNobody,
  problemOfUser,
} from './memberAccess.ts';
export type { AccessProblem } from './memberAccess.ts';
export { fluxQuestion } from './fluxEvents.ts';
export type { FluxQuestion } from './fluxEvents.ts';
export { compareManifests, compareWithMember } from './drift.ts';
export type { Comparison } from './drift.ts';
export { liveText } from './liveText.ts';
export { plainText } from './document.ts';
