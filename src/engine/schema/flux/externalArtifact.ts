import { artifact, artifactDescription } from './artifact.ts';
import { conditions } from './conditions.ts';
import { record, text } from './fields.ts';
import { column, columnsAgeFirst, sourceKind } from './source.ts';
import type { KindSchema } from '../types.ts';

const sourceRef = record(
  {
    apiVersion: text('API version of that object.'),
    kind: text('Kind of that object.'),
    name: text('Name of that object.'),
    namespace: text('Namespace of that object; that of this object if left out.'),
  },
  'The object of another controller that the archive comes from.',
  { required: ['kind', 'name'] },
);

/** ExternalArtifact, in its only version. */
export const externalArtifactKinds: readonly KindSchema[] = [
  sourceKind(
    'v1',
    {
      kind: 'ExternalArtifact',
      plural: 'externalartifacts',
      shortNames: ['ea'],
      description: 'An archive that a controller outside of Flux keeps for it.',
      columns: [...columnsAgeFirst, column('Source', '.spec.sourceRef.name')],
    },
    {
      spec: record({ sourceRef }, 'Where the archive comes from.'),
      status: record(
        { artifact: artifact(artifactDescription), conditions },
        'What the other controller last did.',
      ),
    },
    { servedSince: '2.7' },
  ),
];
