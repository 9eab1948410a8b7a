/** Why things are where they are, and in which state, as a text with links. */
export { createExplainer } from './explain.ts';
export type { Explainer } from './explain.ts';
export { whyDocument } from './whyDocument.ts';
export type { WhyDocument, WhyLink } from './document.ts';
export type { Why, WhyTarget } from './why.ts';
export { objectKey } from './whyFleet.ts';
export type { WhyFleet, WhyRequest } from './whyFleet.ts';
