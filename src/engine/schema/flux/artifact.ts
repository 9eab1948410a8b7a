import { long, record, stringMap, text, time } from './fields.ts';
import type { FluxMinor, Schema } from '../types.ts';

const path = text('Path of the file below the root of the storage of source-controller.');
const revision = text('What the archive was made from: a version, a commit or a digest.');
const url = text('Address inside the cluster where other controllers download the archive.');
const lastUpdateTime = time('When the archive was written.');

/** The archive that a source keeps for other controllers, as in v1 and v1beta2. */
export function artifact(description: string): Schema {
  return record(
    {
      checksum: text('SHA-256 of the archive.', { until: '2.0', deprecated: true }),
      digest: text('Digest of the archive, `ALGORITHM:HEX`.', {
        pattern: '^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$',
      }),
      lastUpdateTime,
      metadata: stringMap('Facts about the origin, such as the annotations of an OCI artifact.'),
      path,
      revision,
      size: long('Bytes of the archive.'),
      url,
    },
    description,
    {
      required: ['digest', 'lastUpdateTime', 'path', 'revision', 'url'],
      variants: [
        { until: '2.7', schema: { required: ['lastUpdateTime', 'path', 'revision', 'url'] } },
        { until: '2.0', schema: { required: ['path', 'url'] } },
      ],
    },
  );
}

/** The archive as v1beta1 describes it. */
export function oldArtifact(description: string): Schema {
  const lastUpdateTimeRequired: FluxMinor = '2.4';
  return record(
    { checksum: text('SHA-256 of the archive.'), lastUpdateTime, path, revision, url },
    description,
    {
      required: ['path', 'url'],
      variants: [
        {
          since: lastUpdateTimeRequired,
          schema: { required: ['lastUpdateTime', 'path', 'url'] },
        },
      ],
    },
  );
}

/** What `status.artifact` is, in one line. */
export const artifactDescription = 'The archive of the last good reconciliation; absent before it.';
