import { choice, flag, record, secretReference, text } from './fields.ts';
import {
  certSecretRef,
  column,
  columnsAgeLast,
  contentConfigChecksum,
  ignore,
  interval,
  matchOIDCIdentity,
  observedIgnore,
  proxySecretRef,
  sourceKind,
  sourceStatus,
  statusUrl,
  suspend,
  timeout,
  verifyProvider,
} from './source.ts';
import type { KindSchema, Schema } from '../types.ts';

type Version = 'v1beta2' | 'v1';

const ref = record(
  {
    digest: text('Digest to take, `sha256:HEX`; wins over `semver` and `tag`.'),
    semver: text('Range of tags to take the highest of, such as `>=6.0.0`; wins over `tag`.'),
    semverFilter: text('Regular expression for the tags that `semver` looks at.', {
      since: '2.3',
    }),
    tag: text('Tag to take. Default: latest.'),
  },
  'Which artifact to take.',
);

function layerSelector(description: string): Schema {
  return record(
    {
      mediaType: text(
        'Media type of the layer; `application/vnd.cncf.helm.chart.content.v1.tar+gzip` for Helm charts.',
      ),
      operation: choice(
        ['extract', 'copy'],
        'Unpack the layer (default) or keep it as it is, as Helm charts need.',
      ),
    },
    description,
  );
}

function verify(version: Version): Schema {
  const trustedRootSecretRef = secretReference(
    'Secret with the `trusted_root.json` of a Sigstore of your own.',
    { since: '2.9' },
  );
  return record(
    {
      matchOIDCIdentity,
      provider: verifyProvider,
      secretRef: secretReference(
        'Secret with the public keys; without it cosign verifies keyless.',
      ),
      ...(version === 'v1' ? { trustedRootSecretRef } : {}),
    },
    'Refuse the artifact unless its signature is good.',
    { required: ['provider'] },
  );
}

function spec(version: Version): Schema {
  return record(
    {
      certSecretRef: certSecretRef(),
      ignore,
      insecure: flag('Use plain HTTP.'),
      interval: interval(version),
      layerSelector: layerSelector('Which layer of the artifact to take; the first if left out.'),
      provider: choice(['generic', 'aws', 'azure', 'gcp'], 'Cloud provider to log in with.', {
        default: 'generic',
      }),
      proxySecretRef: proxySecretRef({ since: '2.4' }),
      ref,
      secretRef: secretReference('Secret with the login, a docker config.'),
      serviceAccountName: text('ServiceAccount whose pull secrets or cloud identity to use.'),
      suspend,
      timeout: timeout(version),
      url: text('Address of the artifact, `oci://HOST/PATH`, without a tag.', {
        pattern: '^oci://.*$',
      }),
      verify: verify(version),
    },
    'The OCI artifact that is wanted.',
    { required: ['interval', 'url'] },
  );
}

function ociRepository(
  version: Version,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  const own: { readonly [name: string]: Schema } = {
    observedIgnore,
    observedLayerSelector: layerSelector('`spec.layerSelector` as used for the archive.'),
    url: statusUrl,
    ...(version === 'v1' ? {} : { contentConfigChecksum }),
  };
  return sourceKind(
    version,
    {
      kind: 'OCIRepository',
      plural: 'ocirepositories',
      shortNames: ['ocirepo'],
      description: 'An artifact in an OCI registry, such as a Helm chart for `chartRef`.',
      columns: [column('URL', '.spec.url'), ...columnsAgeLast],
    },
    { spec: spec(version), status: sourceStatus(version, own) },
    served,
  );
}

/** OCIRepository in every version. */
export const ociRepositoryKinds: readonly KindSchema[] = [
  ociRepository('v1', { servedSince: '2.6' }),
  ociRepository('v1beta2', { servedUntil: '2.8', deprecatedSince: '2.6' }),
];
