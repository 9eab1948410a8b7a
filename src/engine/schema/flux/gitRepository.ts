import { artifact, oldArtifact } from './artifact.ts';
import { choice, flag, list, nameReference, record, secretReference, text } from './fields.ts';
import { hasNot } from './rules.ts';
import {
  accessFrom,
  column,
  columnsAgeFirst,
  columnsAgeLast,
  contentConfigChecksum,
  ignore,
  interval,
  observedIgnore,
  proxySecretRef,
  sourceKind,
  sourceStatus,
  statusUrl,
  suspend,
  timeout,
  type SourceVersion,
} from './source.ts';
import { stringMember } from '../../json.ts';
import type { KindSchema, Schema, SchemaRule } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

const serviceAccountNeedsProvider: readonly SchemaRule[] = [
  {
    rule: "!has(self.serviceAccountName) || (has(self.provider) && self.provider == 'azure')",
    message: "serviceAccountName can only be set when provider is 'azure'",
    holds: (self) =>
      hasNot(self, 'serviceAccountName') || stringMember(self, 'provider') === 'azure',
    since: '2.7',
    until: '2.9',
  },
  {
    rule: "!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))",
    message: "serviceAccountName can only be set when provider is 'azure' or 'aws'",
    holds: (self) =>
      hasNot(self, 'serviceAccountName') ||
      ['azure', 'aws'].includes(stringMember(self, 'provider')),
    since: '2.9',
  },
];

function include(description: string): Schema {
  return list(
    record(
      {
        fromPath: text('Folder to copy from; the root if left out.'),
        repository: nameReference(
          'The GitRepository to copy from.',
          'Name of the GitRepository, in the namespace of this object.',
        ),
        toPath: text('Folder to copy to; the name of the GitRepository if left out.'),
      },
      'One GitRepository.',
      { required: ['repository'] },
    ),
    description,
  );
}

function ref(version: SourceVersion): Schema {
  const name = text('Full name of a reference, such as `refs/pull/420/head`; wins over the rest.');
  return record(
    {
      branch: text('Branch to take. Default: master.'),
      commit: text('Commit to take; wins over everything else.'),
      ...(version === 'v1beta1' ? {} : { name }),
      semver: text('Range of tags to take the highest of, such as `1.x`; wins over `tag`.'),
      tag: text('Tag to take; wins over `branch`.'),
    },
    'Which commit to take.',
  );
}

function verify(version: SourceVersion): Schema {
  const description = 'What must be signed: the commit, the tag, or both.';
  const secretRef = secretReference(
    'Secret with the public keys of trusted authors: `*.asc` for PGP, `*.sshpub` for SSH.',
  );
  const required = version === 'v1beta1' ? ['mode'] : ['mode', 'secretRef'];
  return version === 'v1'
    ? record(
        {
          mode: choice(['head'], description, {
            variants: [
              {
                since: '2.1',
                schema: { enum: ['head', 'HEAD', 'Tag', 'TagAndHEAD'], default: 'HEAD' },
              },
            ],
          }),
          secretRef,
        },
        'Refuse the commit unless it is signed.',
        { required: ['secretRef'], variants: [{ until: '2.1', schema: { required } }] },
      )
    : record(
        { mode: choice(['head'], description), secretRef },
        'Refuse the commit unless it is signed.',
        { required, variants: [{ until: '2.0', schema: { required: ['mode'] } }] },
      );
}

function spec(version: SourceVersion): Schema {
  return record(
    {
      ignore,
      include: include('Other GitRepositories whose files are copied into the archive.'),
      interval: interval(version),
      recurseSubmodules: flag('Take the submodules too.'),
      ref: ref(version),
      secretRef: secretReference(
        'Secret with the login: `username` and `password`, `bearerToken`, or `identity` and `known_hosts` for SSH.',
      ),
      suspend,
      timeout: timeout(version),
      url: text('Address of the repository: `https://`, `http://` or `ssh://`.', {
        pattern: '^(http|https|ssh)://.*$',
      }),
      verify: verify(version),
      ...(version === 'v1' ? newerFields : olderFields),
    },
    'The Git repository that is wanted.',
    {
      required: ['interval', 'url'],
      ...(version === 'v1' ? { rules: serviceAccountNeedsProvider } : {}),
    },
  );
}

/** Fields that only v1 has. */
const newerFields: Fields = {
  provider: choice(['generic', 'aws', 'azure', 'github'], 'Provider to log in with.', {
    since: '2.4',
    variants: [
      { until: '2.5', schema: { enum: ['generic', 'azure'] } },
      { since: '2.5', until: '2.9', schema: { enum: ['generic', 'azure', 'github'] } },
    ],
  }),
  proxySecretRef: proxySecretRef({ since: '2.1' }),
  serviceAccountName: text('ServiceAccount whose cloud identity to use.', { since: '2.7' }),
  sparseCheckout: list(
    text('Path of a folder in the repository.'),
    'Folders to take; all if left out.',
    { since: '2.6' },
  ),
};

/** Fields that v1 no longer has. */
const olderFields: Fields = {
  accessFrom,
  gitImplementation: choice(['go-git', 'libgit2'], 'Ignored: Flux has one Git library only.', {
    default: 'go-git',
    deprecated: true,
  }),
};

function status(version: SourceVersion): Schema {
  const description = 'Archives of the included GitRepositories.';
  const observed: Fields = {
    observedIgnore,
    observedInclude: include('`spec.include` as used for the archive.'),
    observedRecurseSubmodules: flag('`spec.recurseSubmodules` as used for the archive.'),
  };
  const newest: Fields = {
    observedSparseCheckout: list(
      text('Path of a folder in the repository.'),
      '`spec.sparseCheckout` as used for the archive.',
      { since: '2.6' },
    ),
    sourceVerificationMode: text('`spec.verify.mode` as last used.', { since: '2.1' }),
  };
  const includedArtifacts = list(
    version === 'v1beta1' ? oldArtifact('One archive.') : artifact('One archive.'),
    description,
  );
  return sourceStatus(version, {
    includedArtifacts,
    ...(version === 'v1beta1' ? {} : observed),
    ...(version === 'v1' ? newest : { url: statusUrl }),
    ...(version === 'v1beta2' ? { contentConfigChecksum } : {}),
  });
}

function gitRepository(
  version: SourceVersion,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  return sourceKind(
    version,
    {
      kind: 'GitRepository',
      plural: 'gitrepositories',
      shortNames: ['gitrepo'],
      description: 'A Git repository, or a part of it.',
      columns: [
        column('URL', '.spec.url'),
        ...(version === 'v1beta1' ? columnsAgeLast : columnsAgeFirst),
      ],
    },
    { spec: spec(version), status: status(version) },
    served,
  );
}

/** GitRepository in every version. */
export const gitRepositoryKinds: readonly KindSchema[] = [
  gitRepository('v1', { servedSince: '2.0' }),
  gitRepository('v1beta2', { servedUntil: '2.8', deprecatedSince: '2.0' }),
  gitRepository('v1beta1', { servedUntil: '2.7', deprecatedSince: '2.0' }),
];
