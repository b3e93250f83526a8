#!/usr/bin/env bash
# Makes, in the folder where it is run, an authority (ca.pem) and certificates for localhost that are wrong in one way each:
# NAME.pem with NAME.key for good, expired, early, other and self.
set -euo pipefail

cat >ca.cnf <<'CNF'
[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
CNF
: >index.txt
echo 01 >serial

# NAME, common name, host names, begin, end, signer (or self), further extension
make() {
    local extension=() signer=(-cert "$6.pem" -keyfile "$6.key")
    [[ -z ${7:-} ]] || extension=(-addext "$7")
    [[ $6 != self ]] || signer=(-selfsign -keyfile "$1.key")
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
    openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=$2" -addext "subjectAltName=$3" "${extension[@]}" -out "$1.csr"
    openssl ca -batch -notext -config ca.cnf "${signer[@]}" -in "$1.csr" -startdate "$4" -enddate "$5" -out "$1.pem"
}

make ca 'Authority of the test' DNS:ca.test 20200101000000Z 20450101000000Z self basicConstraints=critical,CA:TRUE
make good localhost DNS:localhost,DNS:api.test 20200101000000Z 20450101000000Z ca
make expired localhost DNS:localhost,DNS:api.test 20200101000000Z 20200201000000Z ca
make early localhost DNS:localhost,DNS:api.test 20440101000000Z 20450101000000Z ca
make other other.test DNS:other.test,DNS:more.test 20200101000000Z 20450101000000Z ca
make self localhost DNS:localhost,DNS:api.test 20200101000000Z 20450101000000Z self
