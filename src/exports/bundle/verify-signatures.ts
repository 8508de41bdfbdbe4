import type { About } from './about.js';

/** The part of VERIFY.md about signatures: the lines go on where those of the trees end, with `root`, `keys` and `$T`. */
export function signaturesText({ facility, code, partial }: About, section: number): string {
  const record = partial
    ? `record() { grep -F '"sequence":"'$(printf %010d $1)'"' study/records.ndjson; } # nothing where it is withheld`
    : `record() { sed -n "$(($1 + 1))p" study/records.ndjson; }`;
  return `
## ${section}. Signatures of persons

A person signs with a passkey (WebAuthn) what the laboratory's ledger showed to them and signed as well (DSSE over an in-toto
statement). \`signature\` checks one, by the number of its record: that its files are what the record says, that the key is the one
that the lab enrolled, that both keys signed the same bytes, and that these name records which are here, unchanged. About ten of
them take a second. To check a single one, call it with its number instead of the loop.

\`\`\`bash
${record}
lab() { sed -n "$(($1 + 1))p" lab/records.ndjson; }
unurl() { local text=$(tr -- '-_' '+/'); while (( \${#text} % 4 )); do text=$text=; done; printf %s "$text" | base64 -d; }
url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
sha() { sha256sum | cut -c1-64; }
signature() { # number of the record
  local at=signatures/$1 part credential vkey name digest numbers from to size
  record $1 | jq -c .data.envelope | cmp - $at/envelope.json
  jq -r .payload $at/envelope.json | base64 -d | cmp - $at/statement.json
  for part in authenticatorData clientDataJSON signature; do
    record $1 | jq -r .data.webauthn.$part | unurl | cmp - $at/$part
  done
  credential=$(jq .predicate.authentication.credential $at/statement.json)
  openssl pkey -pubin -in $at/credential.pem -outform DER -out $T/key
  lab $credential | jq -r .data.publicKey | unurl | cmp - $T/key
  test "$(lab $credential | jq -r .data.person)" = "$(jq -r .predicate.personId $at/statement.json)"

  # The printed name is the one that the lab had registered, where the bundle discloses that.
  digest=$(head -n "$(jq .predicate.lab.size $at/statement.json)" lab/records.ndjson |
    jq -r --slurpfile said $at/statement.json 'select(.data.person? == $said[0].predicate.personId) | .data.name["..."]? // empty' | tail -n 1)
  if [ "$digest" ] && [ -e disclosures/$digest ]; then
    test "$(unurl < disclosures/$digest | jq -r '.[1]')" = "$(jq -r .predicate.printedName $at/statement.json)"
  else echo "$1: printed name not comparable: name not disclosed"; fi

  # Both signatures are over these bytes: DSSE's pre-authentication encoding.
  local type=application/vnd.in-toto+json
  { printf 'DSSEv1 %d %s %d ' \${#type} $type $(wc -c < $at/statement.json); cat $at/statement.json; } > $T/encoded
  vkey=$(keys ${facility}/ledger/esign | grep -F "+$(jq -r '.signatures[0].keyid' $at/envelope.json)+")
  vkey=\${vkey#*+}
  { printf 302a300506032b6570032100 | xxd -r -p; printf %s "\${vkey#*+}" | base64 -d | tail -c 32; } > $T/key
  openssl pkey -pubin -inform DER -in $T/key -out $T/pem
  jq -r '.signatures[0].sig' $at/envelope.json | base64 -d > $T/signature
  openssl pkeyutl -verify -pubin -inkey $T/pem -rawin -in $T/encoded -sigfile $T/signature > /dev/null

  # The passkey signed its own data and the hash of what the browser said, and the browser named those bytes.
  test "$(jq -r .type $at/clientDataJSON)" = webauthn.get
  test "$(jq -r .challenge $at/clientDataJSON)" = "$(openssl dgst -sha256 -binary $T/encoded | url)"
  test "$(head -c 32 $at/authenticatorData | xxd -p -c 32)" = "$(lab $credential | jq -j .data.rpId | sha)"
  (( (16#$(tail -c +33 $at/authenticatorData | head -c 1 | xxd -p) & 5) == 5 )) # somebody was present, and verified
  { cat $at/authenticatorData; openssl dgst -sha256 -binary $at/clientDataJSON; } > $T/message
  if openssl pkey -pubin -in $at/credential.pem -noout -text | grep -q ED25519; then
    openssl pkeyutl -verify -pubin -inkey $at/credential.pem -rawin -in $T/message -sigfile $at/signature
  else openssl dgst -sha256 -verify $at/credential.pem -signature $at/signature $T/message; fi > /dev/null

  # What was signed: the study as it was then, and records by their SHA-256.
  test "$(jq -r .predicate.tree.origin $at/statement.json)" = ${facility}/ledger/study/${code}
  size=$(jq .predicate.tree.size $at/statement.json)
  test "$(root $size)" = "$size $(jq -r .predicate.tree.root $at/statement.json)"
  jq -r '.subject[] | "\\(.name) \\(.digest.sha256)"' $at/statement.json > $T/subjects
  while read -r name digest; do
    test "\${name%/records/*}" = ${facility}/ledger/study/${code}
    numbers=\${name##*/} from=\${name##*/}; from=\${from%-*} to=\${numbers#*-}
    test $to -lt $size
${subjectLines(partial !== undefined)}
  done < $T/subjects
  jq -r '.predicate | "'$1': \\(.meaning), \\(.printedName) (\\(.personId), \\(.role)), \\(.time)"' $at/statement.json
}
for folder in signatures/*/; do signature $(basename $folder); done
\`\`\`

That the credential was confirmed and not revoked, that the person held the role and may sign with this meaning, and that no signed
record was corrected later, stand in the records of lab and study: \`verify.mjs\` checks them.
`;
}

function subjectLines(isPart: boolean): string {
  const single = `printf %s "$(record $from)" | sha`;
  if (isPart)
    return `    if [ $from != $to ] || [ -z "$(record $from || true)" ]; then echo "$name is withheld, in whole or in part"; continue; fi
    test "$(${single})" = $digest`;
  return `    if [ $from = $to ]; then test "$(${single})" = $digest
    else test "$(sed -n "$((from + 1)),$((to + 1))p" study/records.ndjson | sha)" = $digest; fi`;
}
