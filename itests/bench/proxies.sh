# How each proxy is started in the foreground; sourced by bench.py, which pins the shell to the proxy's core.
# $1 the configuration, $2 a scratch folder. Every function replaces the shell, so that the process id stays.

start_haproxy() {
  exec haproxy -db -f "$1" > "$2/haproxy.log" 2> "$2/haproxy.err"
}

start_nginx() {
  exec nginx -e stderr -c "$1" > "$2/nginx.out" 2> "$2/nginx.err"
}

start_nghttpx() {
  . "$1"
  for_all="--conf=/dev/null --workers=1 --no-ocsp --accesslog-file=$2/nghttpx.log --add-response-header=x-served-by:bench"
  # shellcheck disable=SC2086 # the options are words
  nghttpx $for_all "--frontend=127.0.0.1,$H2;no-tls" "--backend=127.0.0.1,$UP_HTTP" > "$2/nghttpx1.out" 2> "$2/nghttpx1.err" &
  # shellcheck disable=SC2086
  exec nghttpx $for_all "--frontend=127.0.0.1,$H2H2;no-tls" "--backend=127.0.0.1,$UP_H2;;proto=h2" \
    "--backend=127.0.0.1,$UP_GRPC;/r9/;proto=h2" > "$2/nghttpx.out" 2> "$2/nghttpx.err"
}

start_osprey() {
  mkdir -p "$2/deploy" "$2/data"
  exec "$OSPREY_HOME/bin/osprey" run -c "$1" --deploy "$2/deploy" --data "$2/data" > "$2/osprey.out" 2> "$2/osprey.err"
}
