module acme.example/capitals

go 1.24
