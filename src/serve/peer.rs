//! Whose program asks: every user of a machine reaches its loopback address, and may see the first
//! link among the arguments of the browser. Linux tells whose connection it is; elsewhere the link
//! alone must do.

use std::net::SocketAddr;

/// Whether a connection comes from the user who runs this program, or from the one who may do
/// everything anyway; also where the system does not tell.
#[cfg(target_os = "linux")]
pub(super) fn is_ours(peer: SocketAddr) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(own) = std::fs::metadata("/proc/self").map(|of| of.uid()) else { return true };
    let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else { return true };
    owner(&table, peer).is_none_or(|user| user == own || user == 0)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_ours(_: SocketAddr) -> bool {
    true
}

/// The user of the connection that begins at an address, from the system's table of connections.
#[cfg(target_os = "linux")]
fn owner(table: &str, peer: SocketAddr) -> Option<u32> {
    let SocketAddr::V4(peer) = peer else { return None };
    let address = u32::from_ne_bytes(peer.ip().octets());
    let local = format!("{address:08X}:{:04X}", peer.port());
    table.lines().skip(1).find_map(|line| {
        let mut cells = line.split_whitespace().skip(1);
        let is_it = cells.next()? == local;
        let user = cells.nth(5)?;
        is_it.then(|| user.parse().ok())?
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_table_of_the_system_tells_whose_connection_it_is() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
             0: 0100007F:1F51 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n   \
             1: 0100007F:A2C4 0100007F:1F51 01 00000000:00000000 00:00000000 00000000  1000        0 2 1\n";
        for (peer, want) in [
            ("127.0.0.1:41668", Some(1000)),
            ("127.0.0.1:8017", Some(0)),
            ("127.0.0.1:41669", None),
            ("[::1]:41668", None),
        ] {
            let of_table = if cfg!(target_endian = "little") { want } else { None };
            assert_eq!(owner(table, peer.parse().unwrap()), of_table, "{peer}");
        }
    }

    #[test]
    fn a_connection_of_this_program_is_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (_, peer) = listener.accept().unwrap();
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        assert!(owner(&table, peer).is_some() && is_ours(peer));
    }
}
