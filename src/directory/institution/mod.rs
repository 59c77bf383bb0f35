//! The institution room.
