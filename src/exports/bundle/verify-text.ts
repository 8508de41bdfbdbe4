import type { About } from './about.js';
import { signaturesText } from './verify-signatures.js';

/** VERIFY.md: the checks of verify.mjs by openssl, sha256sum, xxd and jq. The shell lines run as written, in order. */
export function verifyText(about: About, signatures: number): string {
  const { code, facility, labVkey, labSize, size, anchor, partial, version } = about;
  const whole = size === anchor.size && !partial;
  const sections = [
    ...(partial || signatures > 0 ? [proofsText] : []),
    ...(partial || about.attachments.named === 0 ? [] : [attachmentsText]),
    ...(signatures > 0 ? [signaturesText] : []),
  ];
  const optional = sections.map((text, i) => text(about, 6 + i)).join('');
  return `# Verify by hand

This bundle can be checked without our programs: with \`bash\`, GNU coreutils, \`openssl\` 3, \`xxd\` and \`jq\`. Run
the lines in order, in one shell, in the folder of this file. Any line that fails is named and stops the shell. The ${size + labSize} records of study and
laboratory take about ${duration(size + labSize)}.

\`\`\`bash
set -eEuo pipefail
trap 'echo "FAILED: $BASH_COMMAND" >&2' ERR
T=$(mktemp -d)
\`\`\`

**Bring the key yourself.** The bundle names the key below; replace it with the one that you received by another way.

\`\`\`bash
LAB_VKEY=\${LAB_VKEY:-'${labVkey}'}
\`\`\`

## 1. Nothing was damaged in transit

BagIt checksums (RFC 8493). They are no evidence against somebody who changes a file and its checksum.

\`\`\`bash
(cd ../.. && sha512sum --quiet -c manifest-sha512.txt && sha512sum --quiet -c tagmanifest-sha512.txt)
\`\`\`

## 2. Every record is in canonical form and in its place

For these records, \`jq -cS\` writes RFC 8785. A record names its log and its number.

\`\`\`bash
for log in ${partial ? 'lab' : 'lab study'}; do
  jq -cS . $log/records.ndjson | cmp - $log/records.ndjson
  jq -r .sequence $log/records.ndjson | awk '{ if ($0 != sprintf("%010d", NR - 1)) { print "line " NR " is record " $0; exit 1 } }'
  jq -r .recordedtime $log/records.ndjson | LC_ALL=C sort -c
  test -z "$(jq -r .id $log/records.ndjson | sort | uniq -d)"
done
test "$(jq -r .source lab/records.ndjson | sort -u)" = /lab
test "$(jq -r .source study/records.ndjson | sort -u)" = /studies/${code}
\`\`\`

## 3. Signed heads

A checkpoint is a C2SP signed note: a text, an empty line, signatures. The verifier key holds the Ed25519 key (RFC 8032).

\`\`\`bash
signed() { # checkpoint, verifier key
  local name=\${2%%+*} rest=\${2#*+} work=$T
  sed '/^$/,$d' "$1" > $work/text
  test "$(head -n 1 $work/text)" = "$name" || return 1
  { printf 302a300506032b6570032100 | xxd -r -p; printf %s "\${rest#*+}" | base64 -d | tail -c 32; } > $work/key
  openssl pkey -pubin -inform DER -in $work/key -out $work/pem
  grep -F "— $name " "$1" | awk '{ print $3 }' | while IFS= read -r line; do
    [ "$(printf %s "$line" | base64 -d | head -c 4 | xxd -p)" = "\${rest%%+*}" ] || continue
    printf %s "$line" | base64 -d | tail -c 64
  done > $work/signature
  test -s $work/signature || return 1
  openssl pkeyutl -verify -pubin -inkey $work/pem -rawin -in $work/text -sigfile $work/signature > /dev/null
}
signed lab/checkpoint "$LAB_VKEY"
test "$(sed -n 1p lab/checkpoint)" = ${facility}/ledger/lab
keys() { # origin: every key that the lab published for it, oldest first
  jq -r --arg origin "$1" '
    if .type == "LedgerInitialised" then .data.keys[]
    elif .type == "StudyRegistered" then .data.vkey
    elif .type == "KeyRotated" then .data.keys[].vkey else empty end
    | select(startswith($origin + "+"))' lab/records.ndjson
}
any() { # checkpoint, keys: one of them has signed it
  local key; for key in $2; do if signed "$1" "$key" 2> /dev/null; then return; fi; done; return 1
}
keys ${facility}/ledger/lab | grep -xF "$LAB_VKEY" > /dev/null
any study/checkpoint "$(keys ${facility}/ledger/study/${code})"
test "$(sed -n 1p study/checkpoint)" = ${facility}/ledger/study/${code}
\`\`\`

The keys of the study are the one that the lab published when it registered the study, and those of later rotations.

## 4. The trees

RFC 6962 section 2.1: a leaf is hashed after a zero byte, a node after a one byte. \`tree\` builds the whole subtrees of 1, 2, 4, …
leaves once, a file a level. \`root\` puts those together that make up the tree of a size.

\`\`\`bash
mkdir $T/hash $T/tree
sums() { (cd $T/hash && files=(*) && sha256sum "\${files[@]:0:$1}") | cut -c1-64; } # of the first files
hashed() { # a printf format: SHA-256 of each line in this format, in hex, a thousand files at a time
  local line n=0
  while IFS= read -r line; do
    printf "$1" "$line" > $T/hash/$((1000 + n)); n=$(((n + 1) % 1000))
    [ $n -gt 0 ] || sums 1000
  done
  [ $n = 0 ] || sums $n
}
leaves() { hashed '\\0%s'; }
nodes() { sed 's/../\\\\x&/g; s/^/\\\\x01/' | hashed %b; }
tree() { # file of leaf hashes
  local level=0
  rm -f $T/tree/*; cp $1 $T/tree/0
  while [ $(wc -l < $T/tree/$level) -gt 1 ]; do
    paste -d '\\0' - - < $T/tree/$level | awk 'length == 128' | nodes > $T/tree/$((level + 1))
    level=$((level + 1))
  done
}
root() { # size: size and root in base64
  local level left root=
  for ((level = 0; $1 >> level; level++)); do
    (($1 >> level & 1)) || continue
    left=$(sed -n "$(($1 >> level)){p;q}" $T/tree/$level)
    if [ "$root" ]; then root=$(echo $left$root | nodes); else root=$left; fi
  done
  echo "$1 $(printf %s $root | xxd -r -p | base64 -w0)"
}
head_of() { echo "$(sed -n 2p $1) $(sed -n 3p $1)"; }
test "$(wc -l < lab/records.ndjson)" = ${labSize}
leaves < lab/records.ndjson > $T/leaves
tree $T/leaves
test "$(root ${labSize})" = "$(head_of lab/checkpoint)"
\`\`\`

${studyLeaves(about)}

## 5. Complete against the lab

The lab’s log, now proved, lists every head of the study that was recorded, each larger than the one before.

\`\`\`bash
jq -r 'select(.type == "StudyCheckpointed" and .data.code == "${code}") | "\\(.data.size) \\(.data.root)"' lab/records.ndjson > $T/anchors
cut -d' ' -f1 $T/anchors | sort -c -n -u
test "$(jq -r 'select(.type == "StudyRegistered" and .data.code == "${code}") | .data.code' lab/records.ndjson | wc -l)" = 1
awk '$1 <= ${size}' $T/anchors | while read -r anchored hash; do test "$(root $anchored)" = "$anchored $hash"; done
${whole ? `test "$(tail -n 1 $T/anchors)" = "$(head_of study/checkpoint)"\n` : ''}\`\`\`

${verdict(about)}
${names(about)}${optional}
## ${6 + sections.length}. Time stamps and witnesses, where there are any

A time stamp (RFC 3161) is over the note beside it. The authority’s certificates come from you: \`TSA_CA=authority.pem\`.

\`\`\`bash
for stamp in timestamps/*/; do
  [ -e $stamp/note ] || continue
  test "$(sha256sum < $stamp/note | cut -c1-64)" = "$(basename $stamp)"
  any $stamp/note "$(keys ${facility}/ledger/lab)"
  [ -z "\${TSA_CA:-}" ] || openssl ts -verify -queryfile $stamp/request.tsq -in $stamp/response.tsr -CAfile "$TSA_CA" > /dev/null
done
\`\`\`

A witness’s line under \`lab/checkpoint\` (C2SP tlog-cosignature) signs \`cosignature/v1\`, a line \`time <seconds>\`, and the text
of the checkpoint; after the key id of four bytes come eight bytes of that time and the signature. With \`WITNESS_VKEY\`:

\`\`\`bash
if [ -n "\${WITNESS_VKEY:-}" ]; then
  name=\${WITNESS_VKEY%%+*}; rest=\${WITNESS_VKEY#*+}; work=$T
  grep -F "— $name " lab/checkpoint | awk '{ print $3 }' | base64 -d > $work/line
  time=$((16#$(tail -c +5 $work/line | head -c 8 | xxd -p)))
  { printf 'cosignature/v1\\ntime %s\\n' $time; sed '/^$/,$d' lab/checkpoint; } > $work/text
  { printf 302a300506032b6570032100 | xxd -r -p; printf %s "\${rest#*+}" | base64 -d | tail -c 32; } > $work/key
  openssl pkey -pubin -inform DER -in $work/key -out $work/pem
  tail -c 64 $work/line > $work/signature
  openssl pkeyutl -verify -pubin -inkey $work/pem -rawin -in $work/text -sigfile $work/signature > /dev/null
  date -u -d @$time
fi
rm -r $T
echo "${outcome(about)}"
\`\`\`

## What these lines leave out

Pages, tables, \`README.md\`, this file and \`verify.mjs\`: \`study-ledger verify\` of version ${version}, from a release, makes
them again from the records and compares them.

Schemas of the records, links between records (corrections name the leaf hash of what they correct), \`labsize\`, the proof
in \`anchors/\`, and the tiles: \`verify.mjs\` checks those, and so does any tool that reads C2SP tlog-proof and tlog-tiles.
`;
}

/** RFC 9162 section 2.1.3.2. */
function proofsText({ partial }: About, section: number): string {
  const which = partial
    ? 'Each record here has'
    : 'Each signature, and each record that was signed by itself, has';
  const leaf = partial
    ? `grep -F '"sequence":"'$(printf %010d $1)'"' study/records.ndjson`
    : `sed -n "$(($1 + 1))p" study/records.ndjson`;
  return `
## ${section}. Proofs of single records

${which} a proof (C2SP tlog-proof) in \`proofs/\`: with the line of the record and the checkpoint in
it, it shows that the record is in the study’s log, without any other record. About ten of them take a second. To check a single one, call
\`proof\` with its number instead of the loop.

\`\`\`bash
node() { xxd -r -p <<< 01$1$2 | sha256sum; }
proof() { # number of the record
  local at=proofs/$1.tlog-proof index=$1 last=$(($(sed -n 2p study/checkpoint) - 1)) hash step
  sed '1,/^$/d' $at | cmp - study/checkpoint
  test "$(sed -n 1,2p $at)" = "$(printf 'c2sp.org/tlog-proof@v1\\nindex %d' $1)"
  hash=$({ printf '\\0'; ${leaf} | tr -d '\\n'; } | sha256sum)
  for step in $(sed -n '/^$/q;3,$p' $at); do
    test $last -gt 0
    step=$(printf %s $step | base64 -d | xxd -p -c 32)
    if ((index & 1 || index == last)); then
      hash=$(node $step \${hash%% *})
      while ! ((index & 1)); do index=$((index >> 1)) last=$((last >> 1)); done
    else hash=$(node \${hash%% *} $step); fi
    index=$((index >> 1)) last=$((last >> 1))
  done
  test $last = 0 -a "$(xxd -r -p <<< \${hash%% *} | base64 -w0)" = "$(sed -n 3p study/checkpoint)"
}
for file in proofs/*; do proof $(basename $file .tlog-proof); done
\`\`\`
`;
}

/** A second or so for a thousand records, on a laptop. */
function duration(records: number): string {
  const seconds = 2 + Math.ceil(records / 1000);
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

function studyLeaves({ size, anchor, partial }: About): string {
  const against = size === anchor.size ? `test "$(root ${size})" = "$(head_of study/checkpoint)"\n` : '';
  if (partial)
    return `Records that are withheld have their leaf hashes in \`study/tile/0\`: those are the leaves. Each record that is here must be
one of them, at its number.

\`\`\`bash
find study/tile/0 -type f | LC_ALL=C sort | xargs cat | xxd -p -c 32 > $T/leaves
test "$(wc -l < $T/leaves)" = ${size}
paste -d' ' <(jq -r .sequence study/records.ndjson) <(leaves < study/records.ndjson) |
  awk 'NR == FNR { leaf[NR] = $1; next } leaf[$1 + 1] != $2 { print "record " $1 " is not the leaf of its number"; exit 1 }' $T/leaves -
tree $T/leaves
${against}\`\`\``;
  return `\`\`\`bash
test "$(wc -l < study/records.ndjson)" = ${size}
leaves < study/records.ndjson > $T/leaves
tree $T/leaves
${against}\`\`\``;
}

/** Both digest and size stand in the record that adds it, or in the correction that puts another in its place. */
function attachmentsText({ attachments: { missing } }: About, section: number): string {
  const lacking =
    missing > 0 ? ` The laboratory lacks the bytes of ${missing}, and the lines name them.` : '';
  return `
## ${section}. Attached files

A file in \`attachments/\` is named by its SHA-256, and a record, whose leaf was hashed above, holds that digest with the size.${lacking}

\`\`\`bash
jq -r 'if .type == "AttachmentAdded" then .data elif .data.corrects? == "AttachmentAdded" then .data.corrected else empty end
  | "\\(.sha256) \\(.size)"' study/records.ndjson | sort -u > $T/files
while read -r digest size; do
  if [ ! -e attachments/$digest ]; then echo "attachments/$digest is not here"; continue; fi
  test "$(sha256sum < attachments/$digest | cut -c1-64) $(wc -c < attachments/$digest)" = "$digest $size"
done < $T/files
test -z "$(ls attachments 2> /dev/null | grep -vxFf <(cut -d' ' -f1 $T/files))"
\`\`\`
`;
}

/** A disclosure is named by its own digest, and the lab’s records hold that. */
function names({ names: disclosed }: About): string {
  if (disclosed.size === 0) return '';
  return `
Names of persons lie in \`disclosures/\`. Each opens the digest that is its file name, and a record of the lab holds that digest.

\`\`\`bash
for file in disclosures/*; do
  digest=$(openssl dgst -sha256 -binary $file | base64 -w0 | tr '+/' '-_' | tr -d '=')
  test "$digest" = "$(basename $file)"
  jq -r 'select(.data.name["..."] == "'$digest'") | .data.person' lab/records.ndjson | grep . > /dev/null
done
\`\`\`
`;
}

function verdict({ size, anchor, partial }: About): string {
  if (partial)
    return 'What is here belongs to the study as it was anchored. It is a part: the rest is withheld, and no line above says more.';
  if (size === anchor.size)
    return 'The newest head that the lab recorded is the head of what is here: no record is missing, added, moved or edited, as\nof that lab record.';
  return `Every head up to size ${size} is right. That these ${size} records are also the first of the ${anchor.size} that lab record ${anchor.record} anchors is what
\`anchors/${anchor.record}.consistency\` proves (RFC 6962 section 2.1.2); \`verify.mjs\` checks it.`;
}

function outcome({ code, size, anchor, partial }: About): string {
  if (partial) return `PARTIAL: ${partial.records} of ${size} records of ${code}, each in its place`;
  if (size === anchor.size) return `COMPLETE: ${size} records of ${code}, as of lab record ${anchor.record}`;
  return `PREFIX: the first ${size} records of ${code}`;
}
