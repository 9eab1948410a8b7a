import { bucketKinds } from './bucket.ts';
import { externalArtifactKinds } from './externalArtifact.ts';
import { gitRepositoryKinds } from './gitRepository.ts';
import { helmChartKinds } from './helmChart.ts';
import { helmReleaseKinds } from './helmRelease.ts';
import { helmRepositoryKinds } from './helmRepository.ts';
import { ociRepositoryKinds } from './ociRepository.ts';
import type { KindSchema } from '../types.ts';

/** The tables of Flux's kinds: HelmRelease and its sources. */
export const fluxKinds: readonly KindSchema[] = [
  ...helmReleaseKinds,
  ...helmRepositoryKinds,
  ...ociRepositoryKinds,
  ...helmChartKinds,
  ...gitRepositoryKinds,
  ...bucketKinds,
  ...externalArtifactKinds,
];
