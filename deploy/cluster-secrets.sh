#!/bin/sh
# Makes what the cluster of docker-compose.yml keeps secret, once: an authority, a certificate for the nodes, and the
# passwords of admin, ops and ledger. What is there already is left alone. The ledger is to see only the second folder.
#
# usage: cluster-secrets.sh SERVER-FOLDER LEDGER-FOLDER [OWNER:GROUP]
#
# Trust: the authority's key signs certificates that every node believes. It is thrown away here once the nodes have
# theirs; in earnest your own authority signs, and the key was never on this machine.
set -eu
umask 077
server=$1
ledger=$2
owner=${3:-}
mkdir -p "$server/ca" "$ledger"

if [ ! -e "$server/node.crt" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Study Ledger cluster' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$work/ca.key" -out "$work/ca.crt"
  openssl req -newkey rsa:3072 -nodes -subj '/CN=study-ledger-node' -keyout "$work/node.key" -out "$work/node.csr"
  cat > "$work/extensions" <<'X'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
X
  openssl x509 -req -in "$work/node.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 825 \
    -extfile "$work/extensions" -out "$work/node.crt"
  cp "$work/ca.crt" "$server/ca/ca.crt"
  cp "$work/ca.crt" "$ledger/ca.crt"
  cp "$work/node.key" "$server/node.key"
  # The last one, so that whoever was cut off begins anew.
  cp "$work/node.crt" "$server/node.crt"
fi

for file in "$server/admin" "$server/ops" "$ledger/ledger"; do
  if [ ! -s "$file" ]; then
    printf '%s:%s\n' "$(basename "$file")" "$(openssl rand -hex 24)" > "$file.new"
    mv "$file.new" "$file"
  fi
done

if [ -n "$owner" ]; then chown -R "$owner" "$server" "$ledger"; fi
