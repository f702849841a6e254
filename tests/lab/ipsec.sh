# tests/lab/ipsec.sh - strongSwan on the client and the server, and what is on the wire between them
# SPDX-License-Identifier: Apache-2.0
#
# A case takes it in after lib.sh. The capture is the router's, on the client's side: what it does not see in clear, nobody
# on the way does.

PSK=swordfish

# What a case may set before ike_configure: lines of swanctl.conf's own for the connection and for its child, and the
# child's mode.
ike_connection='' ike_child='' ike_mode=transport

ipsec_modules() { # loaded in one go: on demand each costs the first negotiation a modprobe
	modprobe -a xfrm_user esp4 authenc cbc hmac sha256 echainiv drbg jitterentropy_rng 2>/dev/null
	modprobe -a xfrm_user esp4
}

# charon HOST   an IKE daemon with a /run of its own, /run/ike-HOST, since charon's file names are compiled in
charon_up() {
	local host=$1 dir=/run/ike-$1
	mkdir -p "$dir"
	cat >"$dir/strongswan.conf" <<-END
		charon {
			load_modular = yes
			install_routes = no
			retransmit_timeout = 0.5
			i_dont_care_about_security_and_use_aggressive_mode_psk = yes
			plugins {
				include /etc/strongswan.d/charon/*.conf
			}
			filelog {
				log {
					path = /run/charon.log
					default = 1
					flush_line = yes
				}
			}
		}
		swanctl {
			load = random nonce
		}
	END
	ip netns exec "$host" env STRONGSWAN_CONF=/run/strongswan.conf unshare -m sh -c \
		"mount --bind $dir /run && exec /usr/lib/ipsec/charon" >"$dir/out" 2>&1 &
	eval "charon_$host=$!"
	wait_for 10 test -S "$dir/charon.vici" || give_up "charon did not start on $host: $(tail -n 3 "$dir/out")"
}

charon_stop() { # HOST   without a word to the other side
	local pid=charon_$1
	kill -KILL "${!pid}"
	wait "${!pid}" 2>/dev/null
	rm -f "/run/ike-$1"/charon.{vici,pid}
}

swan() { # HOST ARGUMENT...   swanctl with the charon of this host
	local dir=/run/ike-$1
	shift
	STRONGSWAN_CONF=$dir/strongswan.conf swanctl "$@" --uri "unix://$dir/charon.vici" >>"$LAB_OUT/swanctl.log" 2>&1
}

# ike_configure HOST LOCAL REMOTE AGGRESSIVE(yes|no) START-ACTION [LOCAL-TS]   IKEv1 with a shared key
ike_configure() {
	cat >"/run/ike-$1/swanctl.conf" <<-END
		connections {
			l2tp {
				version = 1
				aggressive = $4
				local_addrs = $2
				remote_addrs = $3
				proposals = aes256-sha256-modp2048
				$ike_connection
				local {
					auth = psk
					id = $2
				}
				remote {
					auth = psk
					id = $3
				}
				children {
					l2tp {
						mode = $ike_mode
						local_ts = ${6:-dynamic[udp/1701]}
						remote_ts = dynamic[udp/1701]
						esp_proposals = aes256-sha256
						start_action = $5
						$ike_child
					}
				}
			}
		}
		secrets {
			ike-1 {
				secret = "$PSK"
			}
		}
	END
	swan "$1" --load-all --file "/run/ike-$1/swanctl.conf" || give_up "the charon on $1 takes no configuration"
}

# ipsec_up AGGRESSIVE   both ends; the client's policy is a trap, which makes an association when one is needed
ipsec_up() {
	ipsec_modules
	charon_up server
	charon_up client
	ike_configure server $SERVER $CLIENT "$1" trap
	ike_configure client $CLIENT $SERVER "$1" trap
}

# ---- its associations

read_spis() { # sets SPIS: of the client's associations that carry packets
	local lines line
	SPIS=()
	mapfile -t lines < <(ip xfrm state)
	for line in "${lines[@]}"; do
		[[ $line =~ proto\ esp\ spi\ (0x[0-9a-f]+) ]] && [ "${BASH_REMATCH[1]}" != 0x00000000 ] && SPIS+=("${BASH_REMATCH[1]}")
	done
}

# ---- the wire, as the router sees it

router_capture_start() {
	ip netns exec router tcpdump -i toclient -nn -U --immediate-mode -Z root -w - \
		>"$LAB_OUT/router.pcap" 2>/run/lab/router.tcpdump &
	capture_pid=$!
	wait_for 5 file_has /run/lab/router.tcpdump 'listening on' || give_up 'tcpdump did not start'
}

wire_count() { # FILTER...   sets WIRE to the number of packets the router saw
	local lines
	mapfile -t lines < <(tcpdump -nn -r "$LAB_OUT/router.pcap" "$@" 2>/dev/null)
	WIRE=${#lines[@]}
}

check_nothing_clear() { # stops the capture; of L2TP nothing was readable, in either direction
	nap 0.2
	capture_stop
	wire_count udp and not port 500 and not port 4500
	check_equal 'no datagram in clear, either way' 0 "$WIRE"
}
