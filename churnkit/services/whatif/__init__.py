"""What would be: campaigns under other assumptions, customers with other figures."""
