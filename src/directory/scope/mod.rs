//! The scope room.
